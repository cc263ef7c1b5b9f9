package larch.autodiff;

import java.util.Objects;
import larch.backend.Backend;
import larch.tensor.HostBuffer;
import larch.tensor.Tensor;

/// A named tensor that training changes.
///
/// An optimizer may leave rows of a table behind and bring them up to date only when they are read (see
/// `larch.optim.Adam`). Reading through [#value] or [Tape#rows] always sees up-to-date numbers: the optimizer attaches a
/// [RowUpdater], and the parameter calls it first.
public final class Parameter {
    /// Brings rows of a table up to date before they are read.
    public interface RowUpdater {
        /// @param rows which rows; may repeat
        void update(int[] rows);

        /// Brings all rows up to date.
        void updateAll();
    }

    private final String name;
    private Tensor storage;
    private RowUpdater updater;

    /// @param name  the name in checkpoints and errors, such as `fc1/weight`
    /// @param value the initial value; kept, not copied
    public Parameter(String name, Tensor value) {
        this.name = Objects.requireNonNull(name, "name");
        this.storage = Objects.requireNonNull(value, "value");
    }

    /// @return the name in checkpoints and errors
    public String name() {
        return name;
    }

    /// @return the value, up to date in every row; the storage itself, not a copy
    public Tensor value() {
        if (updater != null) {
            updater.updateAll();
        }
        return storage;
    }

    /// @param rows which rows will be read
    /// @return the storage, up to date in those rows only
    public Tensor valueOfRows(int[] rows) {
        if (updater != null) {
            updater.update(rows);
        }
        return storage;
    }

    /// @return the storage as it is, for optimizers
    public Tensor storage() {
        return storage;
    }

    /// Brings the storage to where kernels of a backend work fastest, for as long as it is trained or used there. Tensors
    /// that were taken from the parameter before are not this parameter any more.
    /// @param backend the kernels
    /// @throws IllegalStateException if an optimizer holds the parameter
    public void place(Backend backend) {
        requireFree("placed on " + backend.name());
        storage = backend.place(storage);
    }

    /// Brings the storage back to the heap, where everybody can use it.
    /// @throws IllegalStateException if an optimizer holds the parameter
    public void bringHome() {
        if (!(storage.buffer() instanceof HostBuffer)) {
            requireFree("brought home");
            storage = storage.copy();
        }
    }

    private void requireFree(String what) {
        if (updater != null) {
            throw new IllegalStateException("parameter " + name + " cannot be " + what + " while an optimizer holds it; close"
                    + " the optimizer first");
        }
    }

    /// @param rowUpdater called before reads; null to detach
    public void attach(RowUpdater rowUpdater) {
        this.updater = rowUpdater;
    }

    @Override
    public String toString() {
        return name + storage.shape();
    }
}
