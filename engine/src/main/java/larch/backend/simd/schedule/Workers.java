package larch.backend.simd.schedule;

import larch.backend.KernelCall;
import larch.parallel.ThreadTeam;

/// Who runs a schedule: a team of threads and what prepares kernels for it.
public interface Workers {
    /// @return how many threads
    int threads();

    /// @return how many rows of a matrix go through several kernels at a time, so that they stay in a cache
    int tileRows();

    /// @param call a call
    /// @return what runs it on all threads, from the thread that runs the program
    Runnable prepare(KernelCall call);

    /// @param call a call that is one of many small pieces of work
    /// @return what runs it on the calling thread alone
    Runnable prepareAlone(KernelCall call);

    /// @param tasks how many
    /// @param task  run once for each, side by side
    void parallel(int tasks, ThreadTeam.Task task);
}
