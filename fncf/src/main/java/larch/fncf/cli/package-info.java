/// The program: one class for each subcommand, and the option groups that several of them share.
///
/// Read `Main` and `Larch` first, then any `…Command`. Results go to standard output, everything else to
/// standard error through `Console`; `Failures` turns what went wrong into one line and an exit code. Work is
/// done elsewhere: a command checks its options, calls the laboratory, and words what came out.
package larch.fncf.cli;
