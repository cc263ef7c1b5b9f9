package larch.fncf.cli;

import java.io.PrintWriter;
import java.util.ServiceLoader;
import larch.fncf.bench.BenchmarkSuite;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// The program's root: what `./larch` without arguments says, and the options that every command has.
@Command(name = "larch", versionProvider = Larch.Version.class, sortOptions = false, usageHelpWidth = 100,
        description = {"Larch: a numerical engine in pure Java, and a laboratory that trains recommenders, attacks them,",
            "and measures which defences hold (Du et al., FNCF)."},
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:fine", "1:the run failed", "2:wrong usage or bad input", "3:no JDK 25"},
        footerHeading = "%nExample:%n",
        footer = {"  ./larch reproduce", "",
            "On an OpenCL device: COMMAND --backend opencl; ./larch devices lists what there is.",
            "Help on one command: ./larch COMMAND --help"})
final class Larch implements Runnable {
    private final Console console;

    @Option(names = {"-h", "--help"}, usageHelp = true, scope = ScopeType.INHERIT, description = "Show this help.")
    private boolean help;

    @Option(names = {"-V", "--version"}, versionHelp = true, description = "Show the version.")
    private boolean version;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show the stack trace of a failure.")
    private boolean debug;

    private Larch(Console console) {
        this.console = console;
    }

    /// @param console where it speaks
    /// @return the program, ready to execute arguments; making it touches neither data nor backends
    static CommandLine commandLine(Console console) {
        Larch root = new Larch(console);
        CommandLine line = new CommandLine(root)
                .addSubcommand(new ReproduceCommand(console))
                .addSubcommand(new TrainCommand(console))
                .addSubcommand(new EvaluateCommand(console))
                .addSubcommand(new AttackCommand(console))
                .addSubcommand(new RecommendCommand(console))
                .addSubcommand(new CommandLine(new DataCommand(console))
                        .addSubcommand(new DataFetchCommand(console))
                        .addSubcommand(new DataExportCommand(console)))
                .addSubcommand(new DevicesCommand(console))
                .addSubcommand(new TuneCommand(console))
                .addSubcommand(new GradCheckCommand(console))
                .addSubcommand(new BenchCommand(console, ServiceLoader.load(BenchmarkSuite.class)))
                .addSubcommand(new VersionCommand(console))
                .addSubcommand(new CompletionCommand(console));
        Failures failures = new Failures(console, () -> root.debug);
        return line.setParameterExceptionHandler(failures).setExecutionExceptionHandler(failures)
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        console.isInteractive() ? CommandLine.Help.Ansi.AUTO : CommandLine.Help.Ansi.OFF))
                .setOut(new PrintWriter(console.out(), true))
                .setErr(new PrintWriter(console.err(), true));
    }

    /// Too little was asked: the three commands that a newcomer needs.
    @Override
    public void run() {
        console.out().print("""
                Larch trains recommenders, attacks them, and measures which defences hold.

                  ./larch reproduce               the paper's experiment on generated data, in minutes
                  ./larch train --data ml-100k    train one model; then: evaluate, attack, recommend
                  ./larch devices                 what this machine computes on

                All commands: ./larch --help
                """);
    }

    /// One line for `--version`.
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {VersionCommand.line()};
        }
    }
}
