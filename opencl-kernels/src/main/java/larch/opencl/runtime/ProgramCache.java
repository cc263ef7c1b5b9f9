package larch.opencl.runtime;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import larch.opencl.OpenClBuildException;
import larch.opencl.OpenClContext;
import larch.opencl.OpenClProgram;
import larch.opencl.source.ProgramSource;

/// Builds each program once. Programs are equal if their whole texts and options are. Thread-safe: who asks for a
/// program that another thread is building waits for it, and for no other.
public final class ProgramCache implements AutoCloseable {
    private final OpenClContext context;
    private final Map<Key, Entry> entries = new ConcurrentHashMap<>();
    private volatile boolean closed;

    private record Key(String text, String options) {}

    /// A program, or the place where it is being built.
    private final class Entry {
        private OpenClProgram program;

        synchronized OpenClProgram get(ProgramSource source) {
            if (closed) {
                throw new IllegalStateException("opencl programs: the cache on " + context.device() + " is closed");
            }
            if (program == null) {
                program = OpenClProgram.build(context, source);
            }
            return program;
        }

        synchronized void close() {
            if (program != null) {
                program.close();
                program = null;
            }
        }
    }

    /// Makes an empty cache.
    /// @param context the opened device
    public ProgramCache(OpenClContext context) {
        this.context = context;
    }

    /// @param source the program; the name that the first who asks gives it is kept
    /// @return the program, owned by this cache
    /// @throws OpenClBuildException if it does not compile; the next one who asks tries again
    public OpenClProgram get(ProgramSource source) {
        return entries.computeIfAbsent(new Key(source.text(), source.options()), _ -> new Entry()).get(source);
    }

    /// Closes every program. Closing twice is harmless.
    @Override
    public void close() {
        closed = true;
        entries.values().forEach(Entry::close);
        entries.clear();
    }
}
