"""The table of actions: one row → menu entry, key, tool button, help page, and *why it is off*.

No Qt here. `gui/bind_actions.py` ties each id to what the window does; a test walks the table both ways.
`blocked(situation)` answers with the reason in words (`reasons`); the control then looks muted, keeps focus and says why.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from viewer.usecases.by_hand import why_not_back, why_not_before, why_not_groups, why_not_single, why_not_together
from viewer.usecases.reasons import (
    Situation,
    no_directions,
    no_disc,
    no_film,
    no_group,
    no_mark,
    no_marked_pictures,
    no_picture,
    no_saved_view,
    no_scale,
    not_read,
)


@dataclass(frozen=True, slots=True)
class Action:
    """One row. `keys` in portable form ("Ctrl+O"); `menu` "" keeps it out of the menus; `icon` a Lucide name."""

    id: str
    title: str
    menu: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    words: str = ""  # one clause of use, for tooltip and help
    checkable: bool = False
    blocked: Callable[[Situation], str | None] = lambda situation: None


FILE, VIEW, PICTURE, SETS, MARKS, ASK, HELP = "File", "View", "Picture", "Sets", "Marks", "Ask", "Help"

# fmt: off
ACTIONS: tuple[Action, ...] = (
    Action("open", "Open a folder…", FILE, ("Ctrl+O",), "folder-open", "open the folder of a disc"),
    Action("open_file", "Open a file…", FILE, ("Ctrl+Shift+O",), "file-archive", "open one picture file"),
    Action("sample", "Open the sample", FILE, ("Ctrl+E",), "images", "try Sidelight with a made-up study"),
    Action("report", "What was found on this disc", FILE, ("Ctrl+R",), "list",
           "every file, shown or explained", blocked=no_disc),
    Action("save_pdf", "Save as PDF…", FILE, ("Ctrl+S",), "file-text",
           "take picture, marks and answer along", blocked=no_picture),
    Action("close_disc", "Close the scan", FILE, ("Ctrl+W",), "x",
           "back to the start page; everything is kept", blocked=no_disc),
    Action("forget", "Forget this disc…", FILE, ("Ctrl+Shift+W",), "trash-2",
           "remove what this computer keeps about it; you see first what goes", blocked=not_read),
    Action("settings", "Settings…", FILE, ("Ctrl+,",), "settings", "who answers, keys, appearance"),
    Action("quit", "Quit", FILE, ("Ctrl+Q",), "", "everything is saved by itself"),
    Action("layout_one", "One picture", VIEW, ("Alt+1",), "image",
           "one large pane", checkable=True, blocked=no_picture),
    Action("layout_three", "Three directions", VIEW, ("Alt+3",), "layout-grid",
           "from the side, from below, from the front", checkable=True, blocked=no_directions),
    Action("maximise", "Fill the window with this pane", VIEW, ("F",), "maximize-2",
           "and back; also a double-click", checkable=True, blocked=no_picture),
    Action("next_pane", "Next part of the window", VIEW, ("F6",), "", "move the focus on"),
    Action("previous_pane", "Previous part of the window", VIEW, ("Shift+F6",), "", "move the focus back"),
    Action("crosshair_shown", "Show the crosshair", VIEW, ("X",), "crosshair",
           "the same point in all panes", checkable=True, blocked=no_picture),
    Action("beside_shown", "Show writing stored beside the picture", VIEW, ("Shift+B",), "",
           "lines, words and coverings of the clinic; what is sent is without them", checkable=True, blocked=no_picture),
    Action("names", "Show names", VIEW, ("Ctrl+Shift+N",), "eye-off",
           "names are hidden until asked for", checkable=True),
    Action("full_screen", "Full screen", VIEW, ("F11",), "", "and back", checkable=True),
    Action("theme_system", "Colours as the system", VIEW, ("Ctrl+Shift+1",), "",
           "light or dark with it", checkable=True),
    Action("theme_light", "Light", VIEW, ("Ctrl+Shift+2",), "", "light colours", checkable=True),
    Action("theme_dark", "Dark", VIEW, ("Ctrl+Shift+3",), "", "dark colours", checkable=True),
    Action("theme_contrast", "High contrast", VIEW, ("Ctrl+Shift+4",), "", "strongest contrast", checkable=True),
    Action("next_slice", "Next picture", PICTURE, ("Down", "Right"), "chevron-right",
           "also the wheel", blocked=no_picture),
    Action("previous_slice", "Previous picture", PICTURE, ("Up", "Left"), "chevron-left",
           "also the wheel", blocked=no_picture),
    Action("forward_ten", "Ten pictures on", PICTURE, ("PgDown",), "", blocked=no_picture),
    Action("back_ten", "Ten pictures back", PICTURE, ("PgUp",), "", blocked=no_picture),
    Action("first_slice", "First picture", PICTURE, ("Home",), "", blocked=no_picture),
    Action("last_slice", "Last picture", PICTURE, ("End",), "", blocked=no_picture),
    Action("play", "Play the film", PICTURE, ("C",), "play",
           "and pause; scrolling stops it", checkable=True, blocked=no_film),
    Action("next_key", "Next marked picture", PICTURE, ("K",), "star",
           "the clinic's stars", blocked=no_marked_pictures),
    Action("previous_key", "Previous marked picture", PICTURE, ("Shift+K",), "",
           "the clinic's stars", blocked=no_marked_pictures),
    Action("as_left", "As the radiologist left it", PICTURE, ("Shift+V",), "",
           "the clinic's saved view, and back", checkable=True, blocked=no_saved_view),
    Action("clinic", "What the clinic added", PICTURE, ("Ctrl+B",), "flag",
           "outlines, saved views, marked pictures", blocked=no_picture),
    Action("next_group", "Next time, echo or value", PICTURE, ("]", ">"), "",
           "of a set that has several", blocked=no_group),
    Action("previous_group", "Previous time, echo or value", PICTURE, ("[", "<"), "",
           "of a set that has several", blocked=no_group),
    Action("window_auto", "Automatic brightness", PICTURE, ("0",), "",
           "from the values in the picture", blocked=no_picture),
    Action("invert", "Exchange black and white", PICTURE, ("I",), "", checkable=True, blocked=no_picture),
    Action("flip", "Mirror left and right", PICTURE, ("M",), "",
           "the letters follow", checkable=True, blocked=no_picture),
    Action("turn", "Turn a quarter to the right", PICTURE, ("U",), "", "the letters follow", blocked=no_picture),
    Action("put_back", "Put it back", PICTURE, ("Ctrl+0",), "rotate-ccw",
           "brightness, zoom and turn as at first; marks stay", blocked=no_picture),
    Action("closer", "Closer", PICTURE, ("+", "="), "", "also Ctrl and the wheel", blocked=no_picture),
    Action("further", "Further away", PICTURE, ("-",), "", "also Ctrl and the wheel", blocked=no_picture),
    Action("fit", "Show the whole picture", PICTURE, ("Ctrl+9",), "", "as large as it fits", blocked=no_picture),
    Action("one_to_one", "Point for point (1:1)", PICTURE, ("Ctrl+1",), "",
           "each point of the picture is one of the screen", blocked=no_picture),
    Action("tool_window", "Brightness and contrast", PICTURE, ("W",), "sun-moon",
           "drag right = more grey levels, up = brighter", checkable=True, blocked=no_picture),
    Action("tool_pan", "Move", PICTURE, ("T",), "move",
           "drag the picture; also the middle button or Space", checkable=True, blocked=no_picture),
    Action("tool_zoom", "Zoom", PICTURE, ("Z",), "zoom-in",
           "drag up = closer; also the right button or Ctrl+wheel", checkable=True, blocked=no_picture),
    Action("tool_crosshair", "Same point in all panes", PICTURE, ("J",), "crosshair",
           "click a point", checkable=True, blocked=no_picture),
    Action("facts", "Facts about this picture", PICTURE, ("Ctrl+I",), "info",
           "worked out on this computer", blocked=no_picture),
    Action("sets_together", "Put together as one set", SETS, ("Ctrl+J",),
           words="the sets chosen in the list; Ctrl+Z takes it back", blocked=lambda s: why_not_together(s.state, s.chosen)),
    Action("apart_before", "Take apart at this picture", SETS, ("Ctrl+Shift+J",),
           words="the picture on screen begins the second part", blocked=lambda s: why_not_before(s.state, s.chosen)),
    Action("apart_groups", "Take apart by time, echo or value", SETS, ("Alt+J",),
           words="each of them a set of its own", blocked=lambda s: why_not_groups(s.state, s.chosen)),
    Action("apart_single", "Take apart into single pictures", SETS, ("Alt+Shift+J",),
           words="each picture a set of its own", blocked=lambda s: why_not_single(s.state, s.chosen)),
    Action("sets_back", "Put back as read", SETS, ("Ctrl+Shift+R",),
           words="the sets as they are on the disc", blocked=lambda s: why_not_back(s.state, s.chosen)),
    Action("tool_arrow", "Arrow", MARKS, ("A",), "arrow-up-right",
           "drag from the text to the point", checkable=True, blocked=no_picture),
    Action("tool_length", "Length", MARKS, ("L",), "ruler", "drag from end to end", checkable=True, blocked=no_scale),
    Action("tool_ellipse", "Ellipse", MARKS, ("E",), "circle",
           "mean and spread of the values inside", checkable=True, blocked=no_picture),
    Action("tool_rectangle", "Rectangle", MARKS, ("B",), "square",
           "mean and spread of the values inside", checkable=True, blocked=no_picture),
    Action("tool_text", "Text", MARKS, ("N",), "type",
           "click where the words belong", checkable=True, blocked=no_picture),
    Action("undo", "Undo", MARKS, ("Ctrl+Z",),
           "undo-2", blocked=lambda s: None if s.undo_words else "Nothing to undo yet."),
    Action("redo", "Redo", MARKS, ("Ctrl+Shift+Z", "Ctrl+Y"),
           "redo-2", blocked=lambda s: None if s.redo_words else "Nothing to redo."),
    Action("rename_mark", "Rename the mark…", MARKS, ("F2",), "pencil", blocked=no_mark),
    Action("delete_mark", "Delete the mark", MARKS, ("Del",), "trash-2", "Ctrl+Z brings it back", blocked=no_mark),
    Action("marks_list", "List of marks", MARKS, ("Ctrl+M",), "list", "jump, hide, rename", blocked=no_picture),
    Action("tool_region", "Choose a part", ASK, ("R",), "square-dashed",
           "draw a frame around what you want to ask about", checkable=True, blocked=no_picture),
    Action("ask", "Ask about this picture", ASK, ("Ctrl+Return",), "message-circle",
           "you see everything before it leaves", blocked=no_picture),
    Action("stop", "Stop the answer", ASK, ("Ctrl+.",),
           "circle-stop", blocked=lambda s: None if s.asking else "No answer is on its way."),
    Action("keys", "Keys and mouse", HELP, ("F1", "?"), "keyboard", "what every key does"),
    Action("about", "About Sidelight", HELP, ("Shift+F1",), "info", "for information, not a diagnosis"),
)
# fmt: on


ON_PICTURES = frozenset({"layout_one", "layout_three", "maximise", "crosshair_shown", "beside_shown", "tool_region"})


def is_on_pictures(action_id: str) -> bool:
    """Whether what an action does is seen on the pictures, so that a page in their place has to give way."""
    return action_id in ON_PICTURES or action(action_id).menu in (PICTURE, MARKS)


def why_off(row: Action, situation: Situation) -> str:
    """Why this cannot be done now, "" when it can. Nothing is done to pictures unseen."""
    if situation.deciding and (row.menu == SETS or is_on_pictures(row.id)):
        return "Decide first whether this picture leaves. Esc goes back to the pictures."
    return row.blocked(situation) or ""


def action(action_id: str) -> Action:
    """The row with this id; raises KeyError."""
    for row in ACTIONS:
        if row.id == action_id:
            return row
    raise KeyError(action_id)
