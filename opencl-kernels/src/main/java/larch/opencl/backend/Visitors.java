package larch.opencl.backend;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import larch.backend.KernelCall;
import larch.backend.Memory;
import larch.gemm.Gemm;
import larch.opencl.OpenClException;
import larch.opencl.runtime.DeviceMemory;
import larch.tensor.Buffer;
import larch.tensor.HostBuffer;

/// The tensors of the heap that a call meets, as guests of the device: what the call reads is uploaded before each run,
/// what it writes is downloaded after it, which waits for the device.
///
/// So every call works on tensors of any kind, and costs what it says: tensors that many calls use belong on the device
/// ([larch.backend.Backend#place]).
final class Visitors implements AutoCloseable {
    /// A tensor's place on the device.
    ///
    /// @param memory where
    /// @param offset of its first element
    record Place(DeviceMemory memory, int offset) {
    }

    /// A range of an array and its copy on the device.
    private static final class Guest {
        private final float[] array;
        private int from = Integer.MAX_VALUE;
        private int to;
        private boolean isRead;
        private DeviceMemory memory;

        Guest(float[] array) {
            this.array = array;
        }
    }

    private final Session session;
    private final Map<Buffer, Guest> guests = new HashMap<>();
    private final List<Memory> written;

    /// @param session the device
    /// @param call    a call whose tensors may lie anywhere but on other devices
    Visitors(Session session, KernelCall call) {
        this.session = session;
        written = call.writes().stream().filter(memory -> memory.data() instanceof HostBuffer && memory.size() > 0).toList();
        call.touches().forEach(this::welcome);
        call.reads().forEach(memory -> mark(memory, true));
        // A call that leaves gaps keeps what lies in them.
        written.forEach(memory -> mark(memory, !fillsWhole(call)));
        try {
            guests.values().forEach(guest -> guest.memory = session.take(Math.max(0, guest.to - guest.from)));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void welcome(Memory memory) {
        if (memory.data() instanceof HostBuffer(float[] array)) {
            Guest guest = guests.computeIfAbsent(memory.data(), _ -> new Guest(array));
            if (memory.size() > 0) {
                guest.from = Math.min(guest.from, memory.from());
                guest.to = Math.max(guest.to, memory.to());
            }
        } else if (!(memory.data() instanceof OpenClBuffer buffer) || buffer.session() != session) {
            throw new OpenClException("opencl: a tensor lies on " + memory.data().place() + " in the memory of another "
                    + "backend; copy it through the heap with copy()");
        }
    }

    private void mark(Memory memory, boolean isRead) {
        Guest guest = guests.get(memory.data());
        if (guest != null) {
            guest.isRead |= isRead && memory.size() > 0;
        }
    }

    private static boolean fillsWhole(KernelCall call) {
        return switch (call) {
            case KernelCall.Elementwise _, KernelCall.Reduce _, KernelCall.SparseProduct _, KernelCall.Draw _ -> true;
            case KernelCall.Product(Gemm g) -> g.ldc() == g.n();
            case KernelCall.Rows r -> r.kind() == KernelCall.Rows.Kind.GATHER && r.step() == r.target().dim(1);
            case KernelCall.SeriesRow s -> s.kind() == KernelCall.SeriesRow.Kind.NEXT;
            case KernelCall.RowUpdate _, KernelCall.Copy _, KernelCall.Host _ -> false;
        };
    }

    boolean isEmpty() {
        return guests.isEmpty();
    }

    /// @param buffer one that the call touches
    /// @param offset of an element in it
    /// @return where that is on the device
    Place place(Buffer buffer, int offset) {
        if (buffer instanceof OpenClBuffer resident) {
            return new Place(resident.memory(), offset);
        }
        Guest guest = guests.get(buffer);
        return new Place(guest.memory, guest.from < guest.to ? offset - guest.from : 0);
    }

    /// Before a run.
    void arrive() {
        for (Guest guest : guests.values()) {
            if (guest.isRead) {
                session.transfers().write(guest.array, guest.from, guest.memory, 0, guest.to - guest.from);
            }
        }
    }

    /// After a run.
    void leave() {
        for (Memory memory : written) {
            Guest guest = guests.get(memory.data());
            session.transfers().read(guest.memory, memory.from() - guest.from, guest.array, memory.from(), memory.size());
        }
    }

    @Override
    public void close() {
        guests.values().stream().filter(guest -> guest.memory != null).forEach(guest -> session.giveBack(guest.memory));
    }
}
