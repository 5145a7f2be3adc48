"""Problem: what went wrong, in a plain sentence, and what a person can do about it.

There are two kinds of failure only:

    ProblemError      a Problem a person can act on; carried up and *shown where the good thing would stand*
    anything else     a bug; never swallowed, ends in the local crash report

Each code has one row in `PROBLEMS`. A sentence never holds an exception's text, a path or a tag number;
`Problem.where` carries the path or frame for the details view. Values are inserted by `problem(code, ...)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad: *note* explains, *doubt* puts a mark on what is shown, *loss* means something is not shown."""

    NOTE = "note"
    DOUBT = "doubt"
    LOSS = "loss"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it should be. `text` says what happened, `remedy` what to do (may be empty)."""

    code: str
    severity: Severity
    text: str
    remedy: str = ""
    where: str = ""

    @property
    def words(self) -> str:
        """What happened and what to do, as one line of sentences."""
        return f"{self.text} {self.remedy}".strip()


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """A row of the table: the sentence and remedy are `str.format` templates."""

    severity: Severity
    text: str
    remedy: str = ""


class ProblemError(Exception):
    """A failure a person can act on."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


NOTE, DOUBT, LOSS = Severity.NOTE, Severity.DOUBT, Severity.LOSS

PROBLEMS: dict[str, ProblemRow] = {
    # --- disc
    "path_missing": ProblemRow(LOSS, "There is nothing at this place.", "Check that the disc is in the drive, then choose the folder again."),
    "path_not_readable": ProblemRow(LOSS, "This computer does not allow you to read this folder.", "Copy the disc to a folder of your own, or ask for the right to read it."),
    "folder_empty": ProblemRow(NOTE, "This folder is empty.", "Choose the folder of the disc itself."),
    "file_gone": ProblemRow(LOSS, "A file is no longer there.", "Put the disc back in, then open it again."),
    "file_not_allowed": ProblemRow(LOSS, "This computer does not allow you to read a file.", "Copy the disc to a folder of your own, then open that folder."),
    "file_not_readable": ProblemRow(LOSS, "A file could not be read from the disc, even after several tries.", "Wipe the disc with a soft cloth and read it again."),
    "folder_not_readable": ProblemRow(LOSS, "A folder on the disc could not be read.", "Copy the disc to a folder of your own, then open that folder."),
    "folder_too_deep": ProblemRow(NOTE, "Folders lie inside folders without end here; the deepest were left out.", "Choose a folder further inside to see more."),
    "link_not_followed": ProblemRow(NOTE, "This is a link to another place; it was not followed.", "Open the place it leads to, if you trust it."),
    "not_a_regular_file": ProblemRow(NOTE, "This is not an ordinary file; it was left alone."),
    "path_climbs_out": ProblemRow(NOTE, "A name leads out of the chosen folder; it was not followed."),
    "not_a_zip": ProblemRow(LOSS, "This packed file is damaged or is not a ZIP file.", "Download or copy it again."),
    "zip_cut": ProblemRow(LOSS, "This packed file is cut off: its end is missing.", "Download or copy it again; the first part alone cannot be unpacked safely."),
    "zip_needs_password": ProblemRow(LOSS, "This packed file is locked.", "Enter the password; it is usually in the clinic's letter."),
    "zip_wrong_password": ProblemRow(LOSS, "This password does not open the packed file.", "Check the letter for capitals and spaces, then try again."),
    "zip_locked_otherwise": ProblemRow(LOSS, "This packed file is locked in a way Sidelight cannot open itself.", "Unpack it with 7-Zip, WinZip or your system's own tool, then open the folder."),
    "zip_packed_otherwise": ProblemRow(LOSS, "A file inside the packed file is packed in a way Sidelight does not know.", "Unpack it with 7-Zip, WinZip or your system's own tool, then open the folder."),
    "zip_member_damaged": ProblemRow(LOSS, "A file inside the packed file is damaged.", "Download or copy the packed file again."),
    "zip_too_large": ProblemRow(LOSS, "This packed file would grow far beyond its size; only its first part was read.", "Unpack it yourself if you trust where it came from, then open the folder."),
    "zip_odd_name": ProblemRow(NOTE, "A file in the packed file has a name that leads elsewhere; only its content was read."),
    "copy_no_space": ProblemRow(LOSS, "There is not enough free space on this computer to copy the disc.", "Free some space, or look at the disc without copying it."),
    "copy_not_kept": ProblemRow(LOSS, "The copy could not be kept on this computer.", "Check whether the disk of this computer is full or write-protected; the disc itself can still be looked at."),
    "copy_too_large": ProblemRow(LOSS, "This file is larger than any disc and was not copied.", "Leave the disc in to look at it."),
    "read_from_copy": ProblemRow(NOTE, "The disc is not here. These are its pictures as they were copied to this computer.", "They are the same pictures. Put the disc back in only if a file is missing."),
    # --- dicom
    "file_damaged": ProblemRow(LOSS, "This file is damaged: its description cannot be read to the end.", "Copy it from the disc again, or ask the clinic for a new copy."),
    "file_puzzles": ProblemRow(LOSS, "Sidelight made a mistake as it read this file, and left it out.", "Another viewer may open it; the one on the disc, for example."),
    "file_part_damaged": ProblemRow(DOUBT, "Part of this file's description is damaged; the picture is shown with what could be read.", "Ask the clinic for a new copy if something looks wrong."),
    "nothing_inside": ProblemRow(LOSS, "This file holds a label but nothing behind it.", "Copy it from the disc again."),
    "no_picture_inside": ProblemRow(LOSS, "This file describes a picture but holds none.", "Ask the clinic for a new copy."),
    "size_unknown": ProblemRow(LOSS, "This file does not say how large its picture is.", "Ask the clinic for a new copy."),
    "size_impossible": ProblemRow(LOSS, "This file claims a picture of {columns} by {rows} dots, which cannot be in it.", "Ask the clinic for a new copy."),
    "bits_impossible": ProblemRow(LOSS, "This file describes its picture in a way that contradicts itself.", "Ask the clinic for a new copy."),
    "bits_corrected": ProblemRow(DOUBT, "This file contradicts itself about its grey values; the likeliest reading is shown.", "Compare it with its neighbours. Ask the clinic for a new copy if it looks wrong."),
    "pixels_gone": ProblemRow(LOSS, "This picture is cut off: most of it is missing.", "Copy it from the disc again, or ask the clinic for a new copy."),
    "pixels_cut_off": ProblemRow(DOUBT, "This picture is cut off: part of it is missing.", "Copy it from the disc again, or ask the clinic for a new copy."),
    "pixels_length_wrong": ProblemRow(DOUBT, "This file tells a wrong length of its picture. It was read to where the picture ends.", "Compare it with its neighbours."),
    "pixels_left_over": ProblemRow(NOTE, "This file holds more data than its picture needs; the rest was ignored."),
    "frames_missing": ProblemRow(DOUBT, "This file holds only {there} of the {claimed} pictures that it tells of.", "Ask the clinic for a new copy."),
    "frames_more": ProblemRow(DOUBT, "This file says that it holds {claimed}, but {there} pictures are in it. All of them are shown.", "Ask the clinic which of them belong to the examination."),
    "frames_unclear": ProblemRow(DOUBT, "This file does not say clearly where each picture begins; some may be wrong.", "Ask the clinic for a new copy."),
    "too_many_parts": ProblemRow(LOSS, "This file is cut into more parts than any picture needs.", "Ask the clinic for a new copy."),
    "unknown_encoding": ProblemRow(LOSS, "This picture uses a packing Sidelight cannot undo yet.", "Ask the clinic for a copy “without compression”."),
    "video": ProblemRow(LOSS, "This is a film.", "Save it to watch it in your video player."),
    "label_corrected": ProblemRow(NOTE, "The label on this picture is wrong about how it was written; it was corrected."),
    "old_format": ProblemRow(NOTE, "Old file format, read without its label."),
    "program_in_front": ProblemRow(NOTE, "A program or other data hides at the start of this file; it was not started."),
    "rescale_not_number": ProblemRow(DOUBT, "The scale of the values in this file is not a number; the stored values are shown.", "Do not rely on single values in it. Ask the clinic for a new copy."),
    "rescale_incomplete": ProblemRow(NOTE, "Half of the scale of the values is missing in this file; the usual value was taken."),
    "rescale_zero": ProblemRow(NOTE, "The scale of the values in this file is zero and was left out."),
    "table_damaged": ProblemRow(DOUBT, "A table of grey values or colours in this file is damaged and was left out.", "Do not rely on how bright or dark it looks. Ask the clinic for a new copy."),
    "facts_locked": ProblemRow(NOTE, "The clinic locked a part of what this file says about the picture; the picture itself is shown.", "If something is missing that you need, ask the clinic for the examination without locked parts."),
    "directory_damaged": ProblemRow(NOTE, "The disc's own list is damaged; all files were searched instead."),
    "report_empty": ProblemRow(LOSS, "This report holds no text.", "Ask the clinic for a new copy."),
    "document_missing": ProblemRow(LOSS, "This document is empty, or not of the kind it says it is.", "Ask the clinic for a new copy."),
    "paper_damaged": ProblemRow(LOSS, "This PDF is damaged and cannot be shown here.", "Save it and try another program, or ask the clinic for a new copy."),
    "paper_locked": ProblemRow(LOSS, "This PDF is locked with a password.", "Save it and open it with your own program; the password is usually in the clinic's letter."),
    "paper_page_damaged": ProblemRow(LOSS, "This page could not be drawn, most likely because it is damaged.", "The other pages still work. Save the PDF to try another program."),
    "paper_page_too_large": ProblemRow(LOSS, "This page is too large to be drawn here.", "Save the PDF to open it with your own program."),
    "paper_too_slow": ProblemRow(LOSS, "Drawing this page took too long and was stopped.", "The other pages still work. Save the PDF to open it with your own program."),
    "directory_climbs_out": ProblemRow(NOTE, "The disc's own list names a file outside the disc; it was not opened."),
    # --- index
    "sets_not_found": ProblemRow(NOTE, "Sets that were put together or taken apart by hand are shown as they were read, because their pictures are not as they were.", "Put them together or take them apart once more."),
    "planes_off_single": ProblemRow(NOTE, "Three directions is off: this is a single picture."),
    "planes_off_tomo": ProblemRow(NOTE, "Three directions is off: these slices were worked out from X-rays taken at few angles, and are blurred when seen from another side."),
    "planes_off_projection": ProblemRow(NOTE, "Three directions is off: this kind of picture looks through the body and has no place inside it."),
    "planes_off_by_hand": ProblemRow(NOTE, "Three directions is off: these pictures were taken with a probe held by hand, and do not say where in the body they are."),
    "planes_off_surface": ProblemRow(NOTE, "Three directions is off: this kind of picture shows a surface and has no place inside the body."),
    "planes_off_directions": ProblemRow(NOTE, "Three directions is off: the directions that the pictures tell contradict one another."),
    "planes_off_no_place": ProblemRow(NOTE, "Three directions is off: the pictures do not say where in the body they are."),
    "planes_off_turned": ProblemRow(NOTE, "Three directions is off: the pictures do not lie parallel to one another."),
    "planes_off_unlike": ProblemRow(NOTE, "Three directions is off: the pictures differ in size, scale or colour."),
    "planes_off_colour": ProblemRow(NOTE, "Three directions is off: these are colour pictures."),
    "planes_off_overview": ProblemRow(NOTE, "Three directions is off: these are overview pictures for planning the scan.", "Choose another set on the left."),
    "planes_off_no_size": ProblemRow(NOTE, "Three directions is off: the pictures do not say how many millimetres their pixels are wide."),
    "planes_off_one_place": ProblemRow(NOTE, "Three directions is off: all pictures show the same place."),
    "planes_off_few": ProblemRow(NOTE, "Three directions is off: there are only {count} pictures, {mm} mm apart.", "Ask the clinic whether there are thinner slices."),
    "planes_off_shifted": ProblemRow(NOTE, "Three directions is off: the pictures are shifted sideways against one another."),
    "planes_off_far": ProblemRow(NOTE, "Three directions is off: the pictures do not lie beside one another."),
    "scanner_tilted": ProblemRow(NOTE, "The scanner was tilted by {degrees}°; the other directions are straightened."),
    "pictures_shifted": ProblemRow(NOTE, "The pictures are shifted sideways against one another by up to {mm} mm; the other directions are drawn by their true places."),
    "pictures_missing": ProblemRow(NOTE, "{missing} between picture {one} and picture {two}, a gap of {mm} mm; it is left empty in the other directions."),
    "pictures_missing_often": ProblemRow(NOTE, "{missing}, in {places} places; the widest gap is {mm} mm. The gaps are left empty in the other directions.", "Ask the clinic for the missing pictures."),
    "spacing_uneven": ProblemRow(NOTE, "The pictures are unevenly spaced, {low} to {high} mm apart; the other directions are drawn by their true places."),
    "groups_unequal": ProblemRow(NOTE, "{pictures} could not be put together with the others and can be looked at apart from them."),
    "groups_differ": ProblemRow(NOTE, "The groups of this set are not equally long: {pictures} in the longest, {fewest} in the shortest.", "If a picture you need is not there, ask the clinic."),
    "packed_again": ProblemRow(NOTE, "These pictures seem to be on the disc twice, packed in two ways; both are shown."),
    "same_number": ProblemRow(NOTE, "The disc gives the same number to more than one picture ({pictures}); all are shown."),
    "part_missing": ProblemRow(DOUBT, "{parts} of this set of pictures cannot be found on the disc; the rest is shown.", "Ask the clinic for the missing pictures."),
    "scattered": ProblemRow(NOTE, "The disc calls each of these pictures a set of its own; they were put together because all else about them agrees."),
    "not_sorted": ProblemRow(DOUBT, "Sidelight made a mistake as it put these pictures in order. They are shown as they are stored, file by file.", "Ask the clinic if their order matters to you."),
    "mosaic_whole": ProblemRow(NOTE, "Many small pictures lie on one sheet, and the disc does not say how many; the sheet is shown as it is."),
    "for_processing": ProblemRow(NOTE, "These are raw pictures, as the machine measured them, and not made for looking at.", "Look at the finished ones; if there are none, ask the clinic for the pictures “for presentation”."),
    "several_people": ProblemRow(NOTE, "This disc holds pictures of {count} people.", "Check whose pictures you are looking at."),
    "listed_but_missing": ProblemRow(NOTE, "The disc's own list names {files} that cannot be found on the disc; everything else is here.", "If a picture is missing, ask the clinic for a new copy."),
    "list_of_another_disc": ProblemRow(NOTE, "The disc's own list names none of the pictures that are here; it seems to belong to another disc. Everything that is here is shown.", "If you expected other pictures, ask the clinic for a new copy."),
    "not_in_list": ProblemRow(NOTE, "The disc's own list leaves out {files} with pictures; everything is shown all the same."),
    "list_disagrees": ProblemRow(NOTE, "The disc's own list and the pictures disagree; the pictures were used."),
    "disc_snapshots": ProblemRow(LOSS, "There are only {pictures} on this disc, no original pictures from the scanner.", "Ask the clinic: “Please give me the examination as DICOM files.”"),
    "disc_locked": ProblemRow(LOSS, "The pictures on this disc are locked or packed so that only the clinic's own viewer can read them.", "A password is often in the clinic's letter. Or ask: “Please give me the examination as DICOM files, without a password.”"),
    "disc_foreign": ProblemRow(LOSS, "The pictures on this disc are in the scanner maker's own format, which only the maker's programs can read.", "Ask the clinic: “Please give me the examination as DICOM files, not in the maker's format.”"),
    "disc_packed": ProblemRow(LOSS, "There are only packed files here that Sidelight cannot open itself.", "Unpack them with 7-Zip, WinZip or your system's own tool, then open that folder."),
    "disc_unreadable": ProblemRow(LOSS, "No file of this disc could be read.", "Wipe the disc with a soft cloth and read it again, or ask the clinic for a new copy."),
    "disc_of_links": ProblemRow(LOSS, "There are only links here, which lead to pictures in another place.", "Open the place they lead to, if you trust it, or copy the pictures themselves instead of the links."),
    "disc_not_allowed": ProblemRow(LOSS, "This computer does not allow you to read the files here.", "Copy them to a folder of your own, or ask whoever looks after this computer."),
    "disc_without_pictures": ProblemRow(LOSS, "There are no pictures from a scanner here.", "Choose the folder of the disc itself. If that is it, ask the clinic: “Please give me the examination as DICOM files.”"),
    # --- codec and volume
    "picture_damaged": ProblemRow(LOSS, "This picture is damaged and cannot be shown.", "The other pictures still work. If you need this one, ask the clinic for a new copy of the disc."),
    "picture_contradicts": ProblemRow(LOSS, "The description of this picture does not fit the picture itself, so it is not shown.", "The other pictures still work. Ask the clinic for a new copy of the disc."),
    "picture_incomplete": ProblemRow(DOUBT, "The end of this picture is missing: what you see may be wrong in places.", "Do not rely on it. Ask the clinic for a new copy of the disc."),
    "picture_doubtful": ProblemRow(DOUBT, "This picture is damaged: what you see may be wrong in places.", "Do not rely on it. Ask the clinic for a new copy of the disc."),
    "points_stand_out": ProblemRow(DOUBT, "A few points of this picture stand out from all others and may be damaged.", "Do not rely on single bright or dark points in it. Ask the clinic for a new copy of the disc."),
    "pixels_too_many": ProblemRow(DOUBT, "The file of this picture holds more than its description allows, so the picture may be wrong.", "Compare it with its neighbours. Ask the clinic for a new copy of the disc."),
    "pixels_missing": ProblemRow(LOSS, "The file of this picture holds no picture points.", "The other pictures still work. Ask the clinic for a new copy of the disc."),
    "decoder_died": ProblemRow(LOSS, "Unpacking this picture failed, most likely because it is damaged.", "The other pictures still work. Try it once more; if it fails again, ask the clinic for a new copy of the disc."),
    "decoder_too_slow": ProblemRow(LOSS, "Unpacking this picture took too long and was stopped; most likely it is damaged.", "The other pictures still work. Ask the clinic for a new copy of the disc."),
    "picture_too_large": ProblemRow(LOSS, "This picture is too large for the memory of this computer, or its stated size is wrong.", "The other pictures still work. Close other programs, or try a computer with more memory."),
    "encoding_mislabelled": ProblemRow(DOUBT, "This picture is packed in another way than its label says. It was opened by what it really is.", "Compare it with its neighbours."),
    "values_contradict": ProblemRow(DOUBT, "This picture holds values that its own description rules out, so very dark or very bright places may be wrong.", "Do not rely on single values in it. Ask the clinic for a new copy of the disc."),
    "colour_label_corrected": ProblemRow(NOTE, "The colour label of this picture was wrong and has been corrected."),
    "meant_in_colour": ProblemRow(NOTE, "The makers of this picture coloured its values. It is shown in grey, and its values are the same."),
    "meant_subtracted": ProblemRow(NOTE, "The clinic's viewer shows these less the pictures from before the contrast agent, so that only vessels are left. Here they are shown as they were taken."),
    "colour_profile_unknown": ProblemRow(NOTE, "The colours of this picture come with a description that could not be used, so they may look a little different from what was meant."),
    "palette_missing": ProblemRow(DOUBT, "The colour table of this picture is missing, so it is shown in grey.", "Ask the clinic for a new copy if you need its colours."),
    "outlines_left_out": ProblemRow(DOUBT, "Outlines for planning a radiotherapy: {count} of their curves are damaged or of a kind that Sidelight does not know, and are not drawn.", "Do not rely on what is drawn being all there is."),
    "outlines_empty": ProblemRow(NOTE, "Empty in the clinic's file, so that nothing is drawn: {parts} of a segmentation."),
    "outlines_faint": ProblemRow(NOTE, "No pixel belongs by half or more in the clinic's file, so that nothing is drawn: {parts} of a segmentation."),
    "shutter_missing": ProblemRow(NOTE, "The makers of this picture covered a part of it, but the file does not tell which: it is shown whole."),
    "tilt_straightened": ProblemRow(NOTE, "The scanner was tilted by {degrees}°; this view has been straightened."),
    "shift_straightened": ProblemRow(NOTE, "The pictures are shifted sideways against one another by up to {mm} mm; this view was made by their true positions."),
    "steps_uneven": ProblemRow(NOTE, "The pictures are not evenly spaced; this view was made by their true positions."),
    "gap_in_view": ProblemRow(DOUBT, "{missing} over {mm} mm. The hole is left empty in this view.", "Do not measure across it."),
    "gaps_in_view": ProblemRow(DOUBT, "{missing}, in {places} places. The holes are left empty in this view.", "Do not measure across them."),
    "frames_unreadable": ProblemRow(DOUBT, "This view has empty places: {count} of the pictures could not be read.", "The original pictures show which ones."),
    "frames_damaged": ProblemRow(DOUBT, "This view may be wrong in places: {damaged}.", "The original pictures show which ones."),
    "detail_reduced": ProblemRow(NOTE, "This set is larger than the free memory, so this view shows only one point of every {step} in a row.", "The original pictures keep all detail."),
    "suv_not_pet": ProblemRow(NOTE, "Uptake values exist for PET pictures only."),
    "suv_units": ProblemRow(NOTE, "Uptake values are off: these pictures do not hold measured activity.", "If you need them, ask the clinic."),
    "suv_not_corrected": ProblemRow(NOTE, "Uptake values are off: the pictures were not corrected for attenuation and decay.", "If you need them, ask the clinic."),
    "suv_no_weight": ProblemRow(NOTE, "Uptake values are off: no believable body weight is in the file.", "If you need them, ask the clinic."),
    "suv_no_dose": ProblemRow(NOTE, "Uptake values are off: no believable dose is in the file.", "If you need them, ask the clinic."),
    "suv_dose_unit": ProblemRow(NOTE, "Uptake values are off: the dose in the file seems to be written in another unit.", "If you need them, ask the clinic."),
    "suv_no_half_life": ProblemRow(NOTE, "Uptake values are off: the file does not say how fast the tracer decays.", "If you need them, ask the clinic."),
    "suv_decay_unknown": ProblemRow(NOTE, "Uptake values are off: the file does not say which moment the activity belongs to.", "If you need them, ask the clinic."),
    "suv_no_times": ProblemRow(NOTE, "Uptake values are off: the time of the injection or of the scan is not in the file.", "If you need them, ask the clinic."),
    "suv_times_contradict": ProblemRow(NOTE, "Uptake values are off: injection and scan do not fit together in time.", "If you need them, ask the clinic."),
    "plane_not_offered": ProblemRow(NOTE, "This view cannot be made from this set of pictures.", "Choose the original pictures."),
    # --- picture and marks
    "no_scale": ProblemRow(NOTE, "This picture has no scale, so a length would be a false number.", "Arrows, text and the values inside a shape still work. Another set of this disc may have a scale."),
    "regions_crossed": ProblemRow(NOTE, "This would measure across two parts of the ultrasound picture that have different scales.", "Draw it inside one part."),
    "outside_regions": ProblemRow(NOTE, "Here the ultrasound picture has no scale, so a length would be a false number.", "Draw it inside the part that shows the body."),
    "region_no_length": ProblemRow(NOTE, "This part of the ultrasound picture shows time or speed, so it has no lengths.", "Draw it inside the part that shows the body."),
    "region_too_small": ProblemRow(NOTE, "This shape is too small: no pixel lies inside.", "Draw it larger, or zoom in first."),
    "region_outside_scan": ProblemRow(NOTE, "There are no values here: the shape lies outside the scanned part of the picture.", "Move it onto the picture."),
    "colour_without_values": ProblemRow(NOTE, "This is a colour picture: its colours are not measured values.", "Lengths, arrows and text work as usual."),
    # --- disclosure
    "question_missing": ProblemRow(NOTE, "There is no question yet.", "Type what you want to know, then go on."),
    "question_too_long": ProblemRow(NOTE, "The question is longer than {most} characters, so nothing was prepared.", "Make it shorter; one question at a time works best."),
    "no_picture_chosen": ProblemRow(NOTE, "No picture is chosen yet.", "Show the picture you want to ask about, then go on."),
    "too_many_pictures": ProblemRow(NOTE, "More than {most} pictures would go out with one question, so nothing was prepared.", "Choose fewer pictures, or begin a new conversation."),
    "picture_too_large_to_send": ProblemRow(NOTE, "This picture is too large for the chosen model, so nothing was prepared.", "Choose a part of the picture, or another model."),
    "request_too_large": ProblemRow(NOTE, "This conversation has grown too large to send, so nothing was prepared.", "Begin a new conversation about this picture."),
    # --- consult and answer
    "answer_length_limit": ProblemRow(DOUBT, "The answer stops here because it reached its length limit. What is missing is unknown.", "Ask for the rest, or about less at once."),
    "answer_context_limit": ProblemRow(DOUBT, "The answer stops here because the conversation has become too long for this model. What is missing is unknown.", "Start a new conversation about this picture."),
    "answer_too_long": ProblemRow(DOUBT, "The answer stops here because it was longer than Sidelight keeps. What is missing is unknown.", "Ask about less at once."),
    "answer_refused": ProblemRow(NOTE, "The service declined to answer ({category}). Nothing was sent elsewhere.", "This can happen with harmless medical questions. Asking in other words may help."),
    "answer_stopped": ProblemRow(NOTE, "You stopped this answer, so it is incomplete. What had been sent cannot be called back."),
    "answer_stopped_early": ProblemRow(NOTE, "You stopped before there was any answer. What had been sent cannot be called back."),
    "answer_left": ProblemRow(NOTE, "The scan was closed before this answer was finished, so it is incomplete. What had been sent cannot be called back."),
    "answer_left_early": ProblemRow(NOTE, "The scan was closed before there was any answer. What had been sent cannot be called back."),
    "answer_broken": ProblemRow(DOUBT, "The connection ended before the answer was finished.", "What arrived is kept. You can ask once more."),
    "answer_service_error": ProblemRow(DOUBT, "The service reported an error before the answer was finished.", "What arrived is kept. You can ask once more."),
    "answer_unknown_end": ProblemRow(DOUBT, "The answer ended in a way that Sidelight does not know, so it may be incomplete.", "Ask once more if something seems to be missing."),
    "answer_wants_more": ProblemRow(DOUBT, "The model stopped to ask for a tool that Sidelight does not offer, so the answer is incomplete.", "Ask once more, or choose another model."),
    "answer_not_understood": ProblemRow(LOSS, "This address does not speak the expected language: what came back is not an answer of the Messages API.", "Check the address in the settings."),
    "answer_not_streamed": ProblemRow(LOSS, "This address does not speak the expected language: it did not send the answer piece by piece.", "Check the address in the settings, or switch streaming on at that server."),
    "answer_packed": ProblemRow(LOSS, "The server sent its answer packed although it was asked not to. Sidelight did not unpack it.", "Check the address in the settings."),
    "answer_silent": ProblemRow(DOUBT, "No sign of life for {seconds} seconds.", "The service may be overloaded. You can ask once more."),
    "answer_too_slow": ProblemRow(DOUBT, "The answer was not finished after {seconds} seconds.", "What arrived is kept. You can ask once more."),
    "ask_no_connection": ProblemRow(LOSS, "{host} could not be reached. Nothing was sent.", "Check the network and the address; for a program on this computer, check that it is running."),
    "ask_not_picked_up": ProblemRow(LOSS, "{host} did not pick up within {seconds} seconds. Nothing was sent.", "Check the network and the address; networks of clinics and companies often let nothing out."),
    "ask_not_trusted": ProblemRow(LOSS, "The identity of {host} could not be verified. Nothing was sent.", "Check the address and the clock of this computer. A server of your own network needs a certificate that this computer trusts."),
    "ask_not_encrypted": ProblemRow(LOSS, "{host} was asked to speak encrypted and does not. Nothing was sent.", "A program on this computer or in your own network may have an address that begins with http:// and not https://."),
    "ask_not_this_computer": ProblemRow(LOSS, "{host} leads to another computer than this one, so nothing was sent.", "Enter the address in numbers, such as http://127.0.0.1:11434."),
    "ask_key_refused": ProblemRow(LOSS, "{host} did not accept the key.", "Check the key in the settings."),
    "ask_key_wanted": ProblemRow(LOSS, "{host} wants a key, and there is none.", "Enter it in the settings under “Who answers”."),
    "ask_no_credit": ProblemRow(LOSS, "The account at {host} has no credit.", "Add credit there, or use another key."),
    "ask_not_allowed": ProblemRow(LOSS, "{host} does not allow this account to use this model.", "Choose another model in the settings."),
    "ask_not_found": ProblemRow(LOSS, "{host} does not know the model “{model}”, or the address is wrong.", "Choose a model from the list, or check the address in the settings."),
    "ask_too_large": ProblemRow(LOSS, "The question with its pictures is too large for {host}.", "Ask about fewer pictures or a smaller region."),
    "ask_no_room": ProblemRow(LOSS, "The question with its picture, and the answer, are together too long for this model.", "Start a new conversation about this picture, or choose another model. A program on this computer may have to be started with a longer context."),
    "ask_history_refused": ProblemRow(LOSS, "{host} does not accept the earlier answers of this conversation any more.", "Start a new conversation about this picture. This one stays readable."),
    "ask_no_pictures": ProblemRow(LOSS, "The model “{model}” at {host} cannot look at pictures.", "Choose another model. A program on this computer may have to be started with the part of the model that sees."),
    "ask_not_accepted": ProblemRow(LOSS, "{host} did not accept the question.", "Another model may accept it."),
    "ask_busy": ProblemRow(LOSS, "{host} is busy and did not take the question.", "Try again in a few minutes."),
    "ask_service_down": ProblemRow(LOSS, "{host} has a fault of its own and gave no answer.", "Try again later."),
    "ask_redirected": ProblemRow(LOSS, "{host} pointed to another address. Sidelight did not follow, nothing was sent there.", "Enter the right address in the settings."),
    "ask_unexpected_status": ProblemRow(LOSS, "{host} answered in an unexpected way.", "Check the address in the settings."),
    "ask_helper_died": ProblemRow(DOUBT, "The part of Sidelight that talks to the service stopped working. Looking at pictures is not affected.", "What arrived is kept. You can ask once more."),
    "ask_not_again": ProblemRow(LOSS, "The service was busy. The question was not sent a second time, because the record of it could not be written.", "Free some space or check your data folder, then ask again."),
    "ask_gone_meanwhile": ProblemRow(LOSS, "{host} had received the question but was busy, and could not be reached when Sidelight tried again.", "Try again in a few minutes."),
    "ask_not_as_agreed": ProblemRow(LOSS, "What would have left differs from what you agreed to, so nothing was sent.", "Look at the preview again."),
    "ask_address_wrong": ProblemRow(LOSS, "This is not an address that can be asked.", "Enter an address such as https://example.org or http://localhost:11434."),
    "ask_address_open": ProblemRow(LOSS, "This address is not encrypted, so others could read the picture on its way.", "Use an address that begins with https."),
    "key_missing": ProblemRow(NOTE, "There is no key for this service yet.", "Enter it in the settings under “Who answers”."),
    "key_missing_here": ProblemRow(NOTE, "There is no key for this service yet.", "Put it into the variable SIDELIGHT_API_KEY, or enter it in the settings of the window."),
    "key_malformed": ProblemRow(LOSS, "This does not look like a key: it is empty, too long, or holds characters that no key has.", "Copy the key again, without spaces around it."),
    # --- archive
    "archive_full": ProblemRow(LOSS, "Your marks and answers cannot be saved: the disk is full. Everything else works, and they are kept until you close the program.", "Free some space; saving is tried again by itself."),
    "archive_not_writable": ProblemRow(LOSS, "Your marks and answers cannot be saved: this computer does not allow the program to write into its own data folder. Everything else works.", "Ask whoever looks after this computer for the right to write your data folder."),
    "archive_busy": ProblemRow(DOUBT, "Your marks and answers could not be saved just now, because another window of this program is using them.", "Close the other window; saving is tried again by itself."),
    "archive_failed": ProblemRow(LOSS, "Your marks and answers cannot be saved: the disk gave an error. Everything else works, and they are kept until you close the program.", "Check the disk, then start the program again."),
    "archive_damaged": ProblemRow(LOSS, "The file with your marks and answers is damaged. The pictures themselves are not touched.", "Start the program again: the damaged file is then put aside and a new one is begun."),
    "archive_was_damaged": ProblemRow(LOSS, "The file with your earlier marks and answers was damaged. It was put aside, nothing was deleted, and a new one was begun.", "If you have a copy of your data folder, put the file back from there."),
    "archive_newer": ProblemRow(LOSS, "Your marks and answers were saved by a newer version of this program, which this version cannot read.", "Install the newer version again; the file was not changed."),
    "disc_forgotten": ProblemRow(NOTE, "Forgotten. Nothing about it is kept on this computer now."),
    "not_all_forgotten": ProblemRow(LOSS, "Not everything about this disc could be removed from this computer.", "Close other windows of Sidelight and try again."),
    "archive_in_memory": ProblemRow(DOUBT, "What you mark and ask now is kept only until you close the program.", "Save a PDF of what you want to keep."),
    "answer_interrupted": ProblemRow(DOUBT, "The program ended while this answer was coming; what had arrived is shown.", "Ask again if you need the whole answer."),
    "picture_lost": ProblemRow(LOSS, "The picture that was sent is no longer on this computer.", "The question and the answer are still here."),
    "ledger_not_written": ProblemRow(LOSS, "Nothing was sent, because the record of it could not be written: {reason}.", "Free some space or check your data folder, then send again."),
    "ledger_not_readable": ProblemRow(LOSS, "The list of sendings cannot be read.", "Check your data folder; nothing was changed in it."),
    "ledger_key_missing": ProblemRow(LOSS, "Nothing was sent, because the key that seals the list of sendings is not available.", "Unlock your password store, then send again."),
    # --- phantom
    "sample_not_written": ProblemRow(LOSS, "The sample could not be made: there is no room for it, or this computer does not allow the program to write into its own data folder.", "Free about 10 MB, then try again."),
    # --- report
    "pdf_disk_full": ProblemRow(LOSS, "The PDF was not written because the disk is full. Your marks and answers are kept.", "Make room or choose another place, then save the PDF again."),
    "pdf_not_allowed": ProblemRow(LOSS, "The PDF was not written because this computer does not allow you to write at this place. Your marks and answers are kept.", "Choose a folder of your own, for example Documents."),
    "pdf_place_missing": ProblemRow(LOSS, "The PDF was not written because this folder does not exist. Your marks and answers are kept.", "Choose another folder."),
    "pdf_not_written": ProblemRow(LOSS, "The PDF could not be written at this place. Your marks and answers are kept.", "Choose another place or name, then save the PDF again."),
    "pdf_too_large": ProblemRow(LOSS, "There is too much for one PDF, so none was written. Your marks and answers are kept.", "Hide the marks on pictures that are not needed, or take along a shorter conversation."),
    "pdf_not_composed": ProblemRow(LOSS, "The page could not be put together, so no PDF was written. Your marks and answers are kept.", "Try again; if it happens again, save the picture alone."),
    # --- window
    "no_screen": ProblemRow(LOSS, "Sidelight cannot open its window here: there is no screen, or a part that windows need is missing.", "Start it from the desktop; “sidelight doctor” tells what is missing, “sidelight --help” what works without a window."),
    "no_window_parts": ProblemRow(LOSS, "Sidelight cannot open its window: a part that windows need is missing on this computer.", "The command “sidelight doctor” tells which; the README has the line that adds it."),
    # --- use cases and commands
    "ask_more_simply": ProblemRow(LOSS, "This model did not accept the request. The next one leaves out what it may not know: the wish for a summary of the reasoning.", "Ask once more."),
    "ask_shorter": ProblemRow(LOSS, "This address has no room for so long an answer. The next question asks for a shorter one: at most {tokens} tokens.", "Ask once more."),
    "disc_taken_out": ProblemRow(LOSS, "The disc was taken out or stopped answering: {read} of {all} files could be read.", "What was read can be used. Put the disc back, then open it again."),
    "scan_left": ProblemRow(NOTE, "This picture belongs to a scan that is no longer open.", "Choose the picture again, then ask."),
    "already_asking": ProblemRow(NOTE, "An answer is still on its way.", "Wait for its end, or stop it first."),
    "mistake": ProblemRow(LOSS, "Sidelight made a mistake here. Nothing on the disc was changed, and what you did before is kept.", "Try it once more; if it happens again, close the window and open it anew."),
    "asking_broke": ProblemRow(LOSS, "Sidelight made a mistake while asking. What was sent stands in the list of sendings.", "Ask once more."),
    "no_address": ProblemRow(NOTE, "No address to ask is set yet.", "Enter it in the settings under “Who answers”."),
    "no_model": ProblemRow(NOTE, "No model is chosen for this address yet.", "Press “Test connection” in the settings and choose one, or type its name there."),
    "no_such_provider": ProblemRow(LOSS, "There is no provider of this name.", "Use anthropic, or give an address with --base-url."),
    "picture_cannot_be_shown": ProblemRow(LOSS, "This picture cannot be shown.", "The other pictures are not affected."),
    "cannot_write_file": ProblemRow(LOSS, "The file cannot be written there: the folder does not exist, there is no room, or it is not allowed.", "Choose another place."),
    "not_over_the_disc": ProblemRow(LOSS, "Nothing was written: this would take the place of a file of the disc, and Sidelight leaves those as they are.", "Choose another name or another folder."),
    "no_such_series": ProblemRow(LOSS, "There is no set “{series}” here.", "The command index lists all sets."),
    "series_without_pictures": ProblemRow(LOSS, "The set “{series}” holds no pictures of this kind.", "The command index lists what it holds."),
    "no_such_picture": ProblemRow(LOSS, "There is no such picture: the set has {count}, numbered 0 to {last}.", "Choose one of these."),
    "place_unknown": ProblemRow(LOSS, "Where these pictures lie in the body is not known.", "Use --index instead of --mm."),
    "no_picture_there": ProblemRow(LOSS, "There is no picture at this place: these lie between {low} and {high} mm.", "Choose a place between, or use --index."),
    "no_file_name": ProblemRow(LOSS, "A file or folder to write has no name.", "Give its name after the option."),
    "one_output": ProblemRow(LOSS, "Only one thing at a time can go to the standard output.", "Give a file name for the others."),
    "one_file_twice": ProblemRow(LOSS, "Two things were to be written into the same file.", "Give each a name of its own."),
    "cannot_print": ProblemRow(LOSS, "The output cannot be written: there is no room, or nobody takes it.", "Send it to another place."),
    "size_not_possible": ProblemRow(LOSS, "A picture must be 1 to {most} pixels wide and high.", "Give the width first, then the height."),
    "no_such_preset": ProblemRow(LOSS, "There is no preset of this name for these pictures.", "There are: {names}."),
    "window_width_not_positive": ProblemRow(LOSS, "The width of a window must be more than 0.", "Give the centre first, then the width."),
    "nothing_to_write": ProblemRow(LOSS, "It is not said what to write.", "Use -o for a picture, --values for numbers, or --json."),
    "region_outside": ProblemRow(LOSS, "This part does not lie inside the picture of {columns} × {rows} pixels.", "Give X0 Y0 X1 Y1 with X0 below X1 and Y0 below Y1."),
}  # fmt: skip
CAN_BE_UNLOCKED = frozenset({"zip_needs_password", "zip_wrong_password"})  # by the person, with a password


def problem(code: str, where: str = "", **values: object) -> Problem:
    """Build the Problem of `code` from its row; raises KeyError for an unknown code (a bug)."""
    row = PROBLEMS[code]
    return Problem(code, row.severity, row.text.format(**values), row.remedy.format(**values), where)
