"""The table of actions: one row → menu entry, key, tool button, help page, and *why it is off*.

No Qt here. `gui/bind_actions.py` ties each id to what the window does; a test walks the table both ways.
`blocked(facts)` answers with the reason in words, or None; the control then looks muted, keeps focus and says why.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from viewer.document.model import State
from viewer.picture.look import Look
from viewer.usecases import by_hand
from viewer.usecases.cine import why_not_play
from viewer.usecases.what_belongs import views_of


@dataclass(frozen=True, slots=True)
class Situation:
    """What `blocked` may look at."""

    state: State
    undo_words: str = ""
    redo_words: str = ""
    asking: bool = False
    three_off: str = ""  # why three directions are off for the active series, "" when on
    no_scale: str = ""  # why lengths are off for the active picture, "" when on
    playing: bool = False
    chosen: tuple[str, ...] = ()  # ids of the sets chosen in the list
    full_screen: bool = False
    deciding: bool = False  # what would leave stands in the pictures' place
    look: Look = field(default_factory=Look)  # of the active picture: that of a saved view where one names it


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


def _no_disc(s: Situation) -> str | None:
    return None if s.state.disc else "Open a scan first."


def _not_read(s: Situation) -> str | None:
    disc = s.state.disc
    return _no_disc(s) or (
        None if disc and disc.complete else "Read the disc to its end first: only then can it be told from others."
    )


def _no_picture(s: Situation) -> str | None:
    return None if s.state.view.pane and s.state.view.pane.series_id else "Choose a set of pictures on the left first."


def _no_mark(s: Situation) -> str | None:
    return None if s.state.view.selected_mark else "Click a mark first."


def _no_group(s: Situation) -> str | None:
    pane = s.state.view.pane
    series = s.state.disc.series(pane.series_id) if s.state.disc and pane else None
    several = series is not None and len(series.groups) > 1
    return _no_picture(s) or (None if several else "This set has only one time, echo or value.")


def _three(s: Situation) -> str | None:
    return _no_picture(s) or (s.three_off or None)


def _scale(s: Situation) -> str | None:
    return _no_picture(s) or (s.no_scale or None)


def _film(s: Situation) -> str | None:
    pane = s.state.view.pane
    series = s.state.disc.series(pane.series_id) if s.state.disc and pane else None
    return why_not_play(series, pane.group if pane else 0) or None


def _saved_view(s: Situation) -> str | None:
    pane = s.state.view.pane
    if s.state.view.applied is not None or (pane and views_of(s.state.belongings, pane.series_id)):
        return None
    return _no_picture(s) or "The clinic saved no view of these pictures."


def _marked_pictures(s: Situation) -> str | None:
    return _no_disc(s) or (None if s.state.belongings.keys else "The clinic marked no pictures on this disc.")


FILE, VIEW, PICTURE, SETS, MARKS, ASK, HELP = "File", "View", "Picture", "Sets", "Marks", "Ask", "Help"

ACTIONS: tuple[Action, ...] = (
    Action("open", "Open a folder…", FILE, ("Ctrl+O",), "folder-open", "open the folder of a disc"),
    Action("open_file", "Open a file…", FILE, ("Ctrl+Shift+O",), "file-archive", "open one picture file"),
    Action("sample", "Open the sample", FILE, ("Ctrl+E",), "images", "try Sidelight with a made-up study"),
    Action(
        "report",
        "What was found on this disc",
        FILE,
        ("Ctrl+R",),
        "list",
        "every file, shown or explained",
        blocked=_no_disc,
    ),
    Action(
        "save_pdf",
        "Save as PDF…",
        FILE,
        ("Ctrl+S",),
        "file-text",
        "take picture, marks and answer along",
        blocked=_no_picture,
    ),
    Action(
        "close_disc",
        "Close the scan",
        FILE,
        ("Ctrl+W",),
        "x",
        "back to the start page; everything is kept",
        blocked=_no_disc,
    ),
    Action(
        "forget",
        "Forget this disc…",
        FILE,
        ("Ctrl+Shift+W",),
        "trash-2",
        "remove what this computer keeps about it; you see first what goes",
        blocked=_not_read,
    ),
    Action("settings", "Settings…", FILE, ("Ctrl+,",), "settings", "who answers, keys, appearance"),
    Action("quit", "Quit", FILE, ("Ctrl+Q",), "", "everything is saved by itself"),
    Action("layout_one", "One picture", VIEW, ("Alt+1",), "image", "one large pane", True, _no_picture),
    Action(
        "layout_three",
        "Three directions",
        VIEW,
        ("Alt+3",),
        "layout-grid",
        "from the side, from below, from the front",
        True,
        _three,
    ),
    Action(
        "maximise",
        "Fill the window with this pane",
        VIEW,
        ("F",),
        "maximize-2",
        "and back; also a double-click",
        True,
        _no_picture,
    ),
    Action("next_pane", "Next part of the window", VIEW, ("F6",), "", "move the focus on"),
    Action("previous_pane", "Previous part of the window", VIEW, ("Shift+F6",), "", "move the focus back"),
    Action(
        "crosshair_shown",
        "Show the crosshair",
        VIEW,
        ("X",),
        "crosshair",
        "the same point in all panes",
        True,
        _no_picture,
    ),
    Action(
        "beside_shown",
        "Show writing stored beside the picture",
        VIEW,
        ("Shift+B",),
        "",
        "lines, words and coverings of the clinic; what is sent is without them",
        True,
        _no_picture,
    ),
    Action("names", "Show names", VIEW, ("Ctrl+Shift+N",), "eye-off", "names are hidden until asked for", True),
    Action("full_screen", "Full screen", VIEW, ("F11",), "", "and back", True),
    Action("theme_system", "Colours as the system", VIEW, ("Ctrl+Shift+1",), "", "light or dark with it", True),
    Action("theme_light", "Light", VIEW, ("Ctrl+Shift+2",), "", "light colours", True),
    Action("theme_dark", "Dark", VIEW, ("Ctrl+Shift+3",), "", "dark colours", True),
    Action("theme_contrast", "High contrast", VIEW, ("Ctrl+Shift+4",), "", "strongest contrast", True),
    Action(
        "next_slice", "Next picture", PICTURE, ("Down", "Right"), "chevron-right", "also the wheel", blocked=_no_picture
    ),
    Action(
        "previous_slice",
        "Previous picture",
        PICTURE,
        ("Up", "Left"),
        "chevron-left",
        "also the wheel",
        blocked=_no_picture,
    ),
    Action("forward_ten", "Ten pictures on", PICTURE, ("PgDown",), "", "", blocked=_no_picture),
    Action("back_ten", "Ten pictures back", PICTURE, ("PgUp",), "", "", blocked=_no_picture),
    Action("first_slice", "First picture", PICTURE, ("Home",), "", "", blocked=_no_picture),
    Action("last_slice", "Last picture", PICTURE, ("End",), "", "", blocked=_no_picture),
    Action("play", "Play the film", PICTURE, ("C",), "play", "and pause; scrolling stops it", True, _film),
    Action("next_key", "Next marked picture", PICTURE, ("K",), "star", "the clinic's stars", blocked=_marked_pictures),
    Action(
        "previous_key",
        "Previous marked picture",
        PICTURE,
        ("Shift+K",),
        "",
        "the clinic's stars",
        False,
        _marked_pictures,
    ),
    Action(
        "as_left",
        "As the radiologist left it",
        PICTURE,
        ("Shift+V",),
        "",
        "the clinic's saved view, and back",
        True,
        _saved_view,
    ),
    Action(
        "clinic",
        "What the clinic added",
        PICTURE,
        ("Ctrl+B",),
        "flag",
        "outlines, saved views, marked pictures",
        blocked=_no_picture,
    ),
    Action(
        "next_group",
        "Next time, echo or value",
        PICTURE,
        ("]", ">"),
        "",
        "of a set that has several",
        blocked=_no_group,
    ),
    Action(
        "previous_group",
        "Previous time, echo or value",
        PICTURE,
        ("[", "<"),
        "",
        "of a set that has several",
        blocked=_no_group,
    ),
    Action(
        "window_auto",
        "Automatic brightness",
        PICTURE,
        ("0",),
        "",
        "from the values in the picture",
        blocked=_no_picture,
    ),
    Action("invert", "Exchange black and white", PICTURE, ("I",), "", "", True, _no_picture),
    Action("flip", "Mirror left and right", PICTURE, ("M",), "", "the letters follow", True, _no_picture),
    Action("turn", "Turn a quarter to the right", PICTURE, ("U",), "", "the letters follow", blocked=_no_picture),
    Action(
        "put_back",
        "Put it back",
        PICTURE,
        ("Ctrl+0",),
        "rotate-ccw",
        "brightness, zoom and turn as at first; marks stay",
        blocked=_no_picture,
    ),
    Action("closer", "Closer", PICTURE, ("+", "="), "", "also Ctrl and the wheel", blocked=_no_picture),
    Action("further", "Further away", PICTURE, ("-",), "", "also Ctrl and the wheel", blocked=_no_picture),
    Action("fit", "Show the whole picture", PICTURE, ("Ctrl+9",), "", "as large as it fits", blocked=_no_picture),
    Action(
        "one_to_one",
        "Point for point (1:1)",
        PICTURE,
        ("Ctrl+1",),
        "",
        "each point of the picture is one of the screen",
        blocked=_no_picture,
    ),
    Action(
        "tool_window",
        "Brightness and contrast",
        PICTURE,
        ("W",),
        "sun-moon",
        "drag right = more grey levels, up = brighter",
        True,
        _no_picture,
    ),
    Action(
        "tool_pan",
        "Move",
        PICTURE,
        ("T",),
        "move",
        "drag the picture; also the middle button or Space",
        True,
        _no_picture,
    ),
    Action(
        "tool_zoom",
        "Zoom",
        PICTURE,
        ("Z",),
        "zoom-in",
        "drag up = closer; also the right button or Ctrl+wheel",
        True,
        _no_picture,
    ),
    Action(
        "tool_crosshair", "Same point in all panes", PICTURE, ("J",), "crosshair", "click a point", True, _no_picture
    ),
    Action(
        "facts",
        "Facts about this picture",
        PICTURE,
        ("Ctrl+I",),
        "info",
        "worked out on this computer",
        blocked=_no_picture,
    ),
    Action(
        "sets_together",
        "Put together as one set",
        SETS,
        ("Ctrl+J",),
        words="the sets chosen in the list; Ctrl+Z takes it back",
        blocked=lambda s: by_hand.why_not_together(s.state, s.chosen),
    ),
    Action(
        "apart_before",
        "Take apart at this picture",
        SETS,
        ("Ctrl+Shift+J",),
        words="the picture on screen begins the second part",
        blocked=lambda s: by_hand.why_not_before(s.state, s.chosen),
    ),
    Action(
        "apart_groups",
        "Take apart by time, echo or value",
        SETS,
        ("Alt+J",),
        words="each of them a set of its own",
        blocked=lambda s: by_hand.why_not_groups(s.state, s.chosen),
    ),
    Action(
        "apart_single",
        "Take apart into single pictures",
        SETS,
        ("Alt+Shift+J",),
        words="each picture a set of its own",
        blocked=lambda s: by_hand.why_not_single(s.state, s.chosen),
    ),
    Action(
        "sets_back",
        "Put back as read",
        SETS,
        ("Ctrl+Shift+R",),
        words="the sets as they are on the disc",
        blocked=lambda s: by_hand.why_not_back(s.state, s.chosen),
    ),
    Action(
        "tool_arrow", "Arrow", MARKS, ("A",), "arrow-up-right", "drag from the text to the point", True, _no_picture
    ),
    Action("tool_length", "Length", MARKS, ("L",), "ruler", "drag from end to end", True, _scale),
    Action(
        "tool_ellipse", "Ellipse", MARKS, ("E",), "circle", "mean and spread of the values inside", True, _no_picture
    ),
    Action(
        "tool_rectangle",
        "Rectangle",
        MARKS,
        ("B",),
        "square",
        "mean and spread of the values inside",
        True,
        _no_picture,
    ),
    Action("tool_text", "Text", MARKS, ("N",), "type", "click where the words belong", True, _no_picture),
    Action(
        "undo",
        "Undo",
        MARKS,
        ("Ctrl+Z",),
        "undo-2",
        "",
        blocked=lambda s: None if s.undo_words else "Nothing to undo yet.",
    ),
    Action(
        "redo",
        "Redo",
        MARKS,
        ("Ctrl+Shift+Z", "Ctrl+Y"),
        "redo-2",
        "",
        blocked=lambda s: None if s.redo_words else "Nothing to redo.",
    ),
    Action("rename_mark", "Rename the mark…", MARKS, ("F2",), "pencil", "", blocked=_no_mark),
    Action("delete_mark", "Delete the mark", MARKS, ("Del",), "trash-2", "Ctrl+Z brings it back", blocked=_no_mark),
    Action("marks_list", "List of marks", MARKS, ("Ctrl+M",), "list", "jump, hide, rename", blocked=_no_picture),
    Action(
        "tool_region",
        "Choose a part",
        ASK,
        ("R",),
        "square-dashed",
        "draw a frame around what you want to ask about",
        True,
        _no_picture,
    ),
    Action(
        "ask",
        "Ask about this picture",
        ASK,
        ("Ctrl+Return",),
        "message-circle",
        "you see everything before it leaves",
        blocked=_no_picture,
    ),
    Action(
        "stop",
        "Stop the answer",
        ASK,
        ("Ctrl+.",),
        "circle-stop",
        "",
        blocked=lambda s: None if s.asking else "No answer is on its way.",
    ),
    Action("keys", "Keys and mouse", HELP, ("F1", "?"), "keyboard", "what every key does"),
    Action("about", "About Sidelight", HELP, ("Shift+F1",), "info", "for information, not a diagnosis"),
)


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
