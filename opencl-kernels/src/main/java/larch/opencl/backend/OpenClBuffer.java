package larch.opencl.backend;

import larch.opencl.runtime.DeviceMemory;
import larch.tensor.Buffer;

/// Memory of an OpenCL device that tensors are windows onto; returns to its pool when no tensor is left.
public final class OpenClBuffer implements Buffer {
    private final Session session;
    private final DeviceMemory memory;
    private final int size;

    OpenClBuffer(Session session, DeviceMemory memory, int size) {
        this.session = session;
        this.memory = memory;
        this.size = size;
    }

    Session session() {
        return session;
    }

    DeviceMemory memory() {
        return memory;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public String place() {
        return "the OpenCL device " + session.device();
    }

    @Override
    public void read(int from, float[] to, int at, int count) {
        session.transfers().read(memory, from, to, at, count);
    }

    @Override
    public void write(float[] from, int at, int to, int count) {
        session.transfers().write(from, at, memory, to, count);
    }
}
