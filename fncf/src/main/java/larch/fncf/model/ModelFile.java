package larch.fncf.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import larch.autodiff.Parameter;
import larch.checkpoint.Checkpoint;
import larch.checkpoint.SafeTensors;
import larch.random.Rng;
import larch.tensor.Tensor;

/// A network in a safetensors file: its parameters by name, optionally the optimizer's tensors, and metadata.
///
/// Metadata always holds the sizes (`users items user_features item_features factors`) and what the caller adds, such as
/// method, seed and the hash of the data. Any safetensors reader opens the file.
public final class ModelFile {
    private static final String FORMAT = "larch-fncf-1";

    private ModelFile() {
    }

    /// A network that was read, with its metadata.
    ///
    /// @param model    the network
    /// @param metadata what was written beside it
    public record Loaded(Fncf model, Map<String, String> metadata) {
    }

    /// Writes a network; an existing file is replaced only once the new one is complete.
    /// @param file      where
    /// @param model     the network
    /// @param optimizer optimizer tensors by name; empty for none
    /// @param metadata  what to know about it later
    /// @throws IOException if the file cannot be written
    public static void save(Path file, Fncf model, Map<String, Tensor> optimizer, Map<String, String> metadata)
            throws IOException {
        FncfConfig config = model.config();
        Checkpoint.Builder checkpoint = Checkpoint.builder();
        model.parameters().forEach(p -> checkpoint.put(p.name(), p.value()));
        optimizer.forEach(checkpoint::put);
        metadata.forEach(checkpoint::metadata);
        SafeTensors.write(file, checkpoint
                .metadata("format", FORMAT)
                .metadata("users", Integer.toString(config.numUsers()))
                .metadata("items", Integer.toString(config.numItems()))
                .metadata("user_features", Integer.toString(config.userFeatures()))
                .metadata("item_features", Integer.toString(config.itemFeatures()))
                .metadata("factors", Integer.toString(config.numFactors()))
                .build());
    }

    /// Reads a network.
    /// @param file     where
    /// @param features side information of the users and items it was trained on
    /// @return the network and its metadata
    /// @throws IOException if the file cannot be read or is not such a network for such data
    public static Loaded load(Path file, Features features) throws IOException {
        Checkpoint checkpoint = SafeTensors.read(file);
        Map<String, String> metadata = checkpoint.metadata();
        if (!FORMAT.equals(metadata.get("format"))) {
            throw new IOException(file + ": expected an FNCF model (metadata format=" + FORMAT + "), got format="
                    + metadata.get("format") + "; train one with `larch train`");
        }
        FncfConfig config = new FncfConfig(number(file, metadata, "users"), number(file, metadata, "items"),
                number(file, metadata, "user_features"), number(file, metadata, "item_features"),
                number(file, metadata, "factors"));
        if (config.numUsers() != features.users().dim(0) || config.numItems() != features.items().dim(0)
                || config.userFeatures() != features.users().dim(1) || config.itemFeatures() != features.items().dim(1)) {
            throw new IOException(file + ": the model was trained on " + config.numUsers() + " users with "
                    + config.userFeatures() + " features and " + config.numItems() + " items with " + config.itemFeatures()
                    + "; the data has " + features.users().shape() + " and " + features.items().shape()
                    + "; give the data and the data options that it was trained with");
        }
        Fncf model = new Fncf(config, features, Rng.of(0));
        for (Parameter parameter : model.parameters()) {
            Tensor saved = checkpoint.tensors().get(parameter.name());
            if (saved == null || !saved.shape().equals(parameter.storage().shape())) {
                throw new IOException(file + ": expected tensor '" + parameter.name() + "' with shape "
                        + parameter.storage().shape() + ", got " + (saved == null ? "none" : saved.shape()));
            }
            System.arraycopy(saved.data(), saved.offset(), parameter.storage().data(), parameter.storage().offset(),
                    saved.size());
        }
        return new Loaded(model, metadata);
    }

    private static int number(Path file, Map<String, String> metadata, String key) throws IOException {
        String text = metadata.get(key);
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException _) {
            throw new IOException(file + ": expected a number in metadata '" + key + "', got "
                    + (text == null ? "nothing" : "'" + text + "'"));
        }
    }
}
