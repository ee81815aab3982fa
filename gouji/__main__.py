"""`python -m gouji`."""

from gouji.workers.import_path import leave_out_current_folder

leave_out_current_folder()  # before anything else is imported: `-m` has put the folder in front

from gouji.cli import main  # noqa: E402

main()
