package larch.fncf.cli;

import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `larch completion`.
@Command(name = "completion", description = "Print a script that completes commands and options in a shell.",
        sortOptions = false, usageHelpWidth = 100, footerHeading = "%nExample:%n",
        footer = {"  source <(./larch completion bash)", "  source <(./larch completion zsh)"})
final class CompletionCommand extends LarchCommand {
    private static final List<String> SHELLS = List.of("bash", "zsh");

    @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
    private String shell;

    @Spec
    private CommandSpec spec;

    CompletionCommand(Console console) {
        super(console);
    }

    @Override
    void run() {
        if (!SHELLS.contains(shell)) {
            throw UserError.of("completion", "expected one of " + SHELLS + ", got '" + shell + "'"
                    + Suggest.forWord(shell, SHELLS));
        }
        String script = AutoComplete.bash("larch", spec.root().commandLine());
        // picocli writes one script for both shells, which asks whose it is; zsh finds it in its path by this first line.
        console().out().print(shell.equals("zsh") ? "#compdef larch\n" + script : script);
        console().out().flush();
    }
}
