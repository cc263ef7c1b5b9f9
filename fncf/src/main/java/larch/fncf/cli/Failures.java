package larch.fncf.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import larch.backend.BackendUnavailableException;
import larch.device.DeviceException;
import larch.device.UnknownDeviceException;
import larch.fncf.data.DataException;
import larch.fncf.train.TrainingException;
import larch.tuning.TuningException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// Turns what went wrong into one line on standard error and an exit code; `--debug` adds the stack trace.
///
/// @param console where the line goes
/// @param debug   whether to show stack traces
record Failures(Console console, BooleanSupplier debug) implements IParameterExceptionHandler, IExecutionExceptionHandler {
    /// The run failed.
    static final int FAILED = 1;
    /// Wrong usage or bad input.
    static final int USAGE = 2;

    @Override
    public int handleParseException(ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        String problem = wrong instanceof UnmatchedArgumentException unmatched ? unmatched(unmatched)
                : wrong.getMessage().replaceFirst("^[Ee]rror: ", "");
        console.error(Character.toLowerCase(problem.charAt(0)) + problem.substring(1) + " (see `./"
                + command.getCommandSpec().qualifiedName() + " --help`)");
        trace(wrong);
        return USAGE;
    }

    private static String unmatched(UnmatchedArgumentException wrong) {
        CommandLine command = wrong.getCommandLine();
        String word = wrong.getUnmatched().getFirst();
        if (word.startsWith("-")) {
            List<String> options = command.getCommandSpec().options().stream().flatMap(o -> Stream.of(o.names())).toList();
            String name = word.replaceFirst("=.*", "");
            return "unknown option '" + name + "'" + Suggest.forWord(name, options);
        }
        boolean expectsCommand = !command.getSubcommands().isEmpty();
        return (expectsCommand ? "unknown command '" : "unexpected argument '") + word + "'"
                + (expectsCommand ? Suggest.forWord(word, command.getSubcommands().keySet()) : "");
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult arguments) {
        return handle(failure);
    }

    /// @param failure what a command threw
    /// @return the exit code
    int handle(Throwable failure) {
        console.error(switch (failure) {
            case UserError known -> known.getMessage();
            case Failure known -> known.getMessage();
            case DataException known -> known.getMessage();
            case DeviceException known -> known.getMessage();
            case TrainingException known -> known.getMessage();
            case BackendUnavailableException known -> known.getMessage();
            case TuningException known -> known.getMessage();
            case IOException io -> "cannot read or write: " + describe(io);
            case OutOfMemoryError _ -> "not enough memory for this (the limit is " + (Runtime.getRuntime().maxMemory() >> 20)
                    + " MiB); allow more with LARCH_JAVA_OPTS=-Xmx8g";
            default -> "internal error: " + failure + "; please report it, with what `--debug` shows";
        });
        trace(failure);
        return failure instanceof UserError || failure instanceof DataException || failure instanceof UnknownDeviceException
                || failure instanceof BackendUnavailableException || failure instanceof TuningException ? USAGE : FAILED;
    }

    private static String describe(IOException failure) {
        return failure instanceof FileSystemException file
                ? file.getFile() + ": " + OutputFile.reason(file) : OutputFile.reason(failure);
    }

    private void trace(Throwable failure) {
        if (debug.getAsBoolean()) {
            failure.printStackTrace(console.err());
        }
    }
}
