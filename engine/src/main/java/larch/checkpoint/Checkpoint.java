package larch.checkpoint;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import larch.tensor.Tensor;

/// What a checkpoint file holds: named tensors in an order, and text that describes them.
///
/// The names, their order and the metadata never change; the tensors are not copied, so their elements are
/// what they are when the checkpoint is written.
///
/// ```java
/// Checkpoint checkpoint = Checkpoint.builder().put("fc1.weight", w).metadata("seed", "42").build();
/// SafeTensors.write(file, checkpoint);
/// Tensor w = SafeTensors.read(file).tensor("fc1.weight");
/// ```
public final class Checkpoint {
    private final Map<String, Tensor> tensors;
    private final Map<String, String> metadata;

    private Checkpoint(Map<String, Tensor> tensors, Map<String, String> metadata) {
        this.tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        this.metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
    }

    /// @return a builder of an empty checkpoint
    public static Builder builder() {
        return new Builder();
    }

    /// @return the tensors in their order; unmodifiable
    public Map<String, Tensor> tensors() {
        return tensors;
    }

    /// @return the metadata, sorted by key; unmodifiable
    public Map<String, String> metadata() {
        return metadata;
    }

    /// @param name the name of a tensor
    /// @return the tensor
    public Tensor tensor(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("checkpoint: no tensor " + name + "; there are " + tensors.keySet());
        }
        return tensor;
    }

    /// Collects what a checkpoint holds.
    public static final class Builder {
        private final Map<String, Tensor> tensors = new LinkedHashMap<>();
        private final Map<String, String> metadata = new TreeMap<>();

        private Builder() {
        }

        /// @param name   any text but `__metadata__`, which the format reserves, and not used before
        /// @param tensor the tensor; not copied
        /// @return this builder
        public Builder put(String name, Tensor tensor) {
            Objects.requireNonNull(tensor, name);
            if (name.equals(Header.METADATA)) {
                throw new IllegalArgumentException("checkpoint: no tensor can be named " + name
                        + ", the format's own key for metadata");
            }
            if (tensors.putIfAbsent(text("tensor name", name), tensor) != null) {
                throw new IllegalArgumentException("checkpoint: there is already a tensor named " + name);
            }
            return this;
        }

        /// @param key   any text not used before
        /// @param value any text
        /// @return this builder
        public Builder metadata(String key, String value) {
            text("metadata value of " + key, value);
            if (metadata.putIfAbsent(text("metadata key", key), value) != null) {
                throw new IllegalArgumentException("checkpoint: there is already a metadata entry " + key);
            }
            return this;
        }

        /// @param entries metadata to add
        /// @return this builder
        public Builder metadata(Map<String, String> entries) {
            entries.forEach(this::metadata);
            return this;
        }

        /// @return a checkpoint of what has been added so far
        public Checkpoint build() {
            return new Checkpoint(tensors, metadata);
        }

        private static String text(String what, String text) {
            if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
                throw new IllegalArgumentException("checkpoint: the " + what
                        + " has half of a surrogate pair, which cannot be written as UTF-8: " + HeaderJson.shown(text));
            }
            return text;
        }
    }
}
