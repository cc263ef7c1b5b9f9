package larch.fncf.boot;

import java.io.IOException;

/// The program in a JVM of its own. Whoever ends this process means the program, which must not go on unseen: it
/// is ended too, and a process that is already ending starts none.
final class Child {
    private static final int TERMINATED = 143;
    private Process process;
    private boolean stopped;

    /// Runs the program to its end and returns its exit code.
    int run(ProcessBuilder builder) throws IOException, InterruptedException {
        synchronized (this) {
            if (stopped) {
                return TERMINATED;
            }
            process = builder.start();
        }
        return process.waitFor();
    }

    /// For a shutdown hook: after a normal end there is nothing left to stop.
    void stop() {
        synchronized (this) {
            stopped = true;
            if (process == null) {
                return;
            }
        }
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
