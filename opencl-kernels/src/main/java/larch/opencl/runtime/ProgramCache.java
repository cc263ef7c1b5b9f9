package larch.opencl.runtime;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import larch.opencl.OpenClBuildException;
import larch.opencl.OpenClContext;
import larch.opencl.OpenClProgram;

/// Builds each program once. Programs are equal if their whole texts and options are. Thread-safe: who asks for a
/// program that another thread is building waits for it, and for no other.
public final class ProgramCache implements AutoCloseable {
    private final OpenClContext context;
    private final Map<Key, Entry> entries = new ConcurrentHashMap<>();
    private volatile boolean closed;

    private record Key(String source, String options) {}

    /// A program, or the place where it is being built.
    private final class Entry {
        private OpenClProgram program;

        synchronized OpenClProgram get(String name, Key key) {
            if (closed) {
                throw new IllegalStateException("opencl programs: the cache on " + context.device() + " is closed");
            }
            if (program == null) {
                program = OpenClProgram.ofSource(context, name, key.source(), key.options());
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

    /// @param name stands for the text in errors; the name of the first who asks is kept
    /// @param source OpenCL C
    /// @param options compiler options; may be empty
    /// @return the program, owned by this cache
    /// @throws OpenClBuildException if it does not compile; the next one who asks tries again
    public OpenClProgram get(String name, String source, String options) {
        Key key = new Key(source, options);
        return entries.computeIfAbsent(key, k -> new Entry()).get(name, key);
    }

    /// Closes every program. Closing twice is harmless.
    @Override
    public void close() {
        closed = true;
        entries.values().forEach(Entry::close);
        entries.clear();
    }
}
