"""Which mounted places are offered as a disc in the drive."""

from __future__ import annotations

from viewer.disc.drives import Drive, discs_in_drives, discs_of_mounts

TABLE = """\
22 28 0:20 / /proc rw,nosuid - proc proc rw
28 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw
31 28 8:17 / /media/erika/USB\\040STICK rw shared:9 - vfat /dev/sdb1 rw
40 28 11:0 / /mnt/cd ro,relatime - iso9660 /dev/sr0 ro
41 28 0:50 / /home/erika/net rw - nfs4 server:/x rw
a broken line
42 28 11:1 / /run/media/erika/MRT_LWS ro shared:3 master:2 - udf /dev/sr1 ro
"""


def test_discs_come_first_then_sticks_and_nothing_else() -> None:
    assert discs_of_mounts(TABLE) == (
        Drive("/mnt/cd", "cd"),
        Drive("/run/media/erika/MRT_LWS", "MRT_LWS"),
        Drive("/media/erika/USB STICK", "USB STICK"),
    )
    assert discs_of_mounts("") == ()


def test_asking_this_computer_ends_in_a_list() -> None:
    assert all(drive.path for drive in discs_in_drives())
