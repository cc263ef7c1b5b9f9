package larch.opencl.tuner;

import java.util.List;
import java.util.function.Function;
import larch.opencl.gemm.DeviceGemm;
import larch.opencl.gemm.GemmChoice;
import larch.opencl.gemm.GemmPath;
import larch.opencl.gemm.OpenClGemm;
import larch.opencl.tuning.GemmSection;
import larch.tuner.GemmShape;
import larch.tuner.SearchStage;

/// A stage of the search for a device's products.
///
/// @param name   such as `fast`
/// @param route  the path that its products take
/// @param shapes what is measured
/// @param labels the name of a candidate
/// @param trying what to try in place of a choice
record ProductStage(String name, Route route, List<GemmShape> shapes, Function<GemmChoice, String> labels,
                           Function<GemmChoice, List<GemmChoice>> trying) implements SearchStage<GemmChoice> {
    /// How the path of a product is found.
    enum Route {
        /// The fast kernel, on copies if it must.
        FAST,
        /// The direct kernel.
        DIRECT,
        /// What the thresholds say.
        BY_SIZE;

        /// @param gemm    the products of a candidate
        /// @param product a product
        /// @return its path
        GemmPath path(OpenClGemm gemm, DeviceGemm product) {
            return switch (this) {
                case FAST -> gemm.allows(product, GemmPath.WHOLE_TILES) ? GemmPath.WHOLE_TILES : GemmPath.INDIRECT;
                case DIRECT -> GemmPath.DIRECT;
                case BY_SIZE -> gemm.path(product);
            };
        }
    }

    @Override
    public String base(GemmChoice from) {
        return String.join(" ", GemmSection.numbers(from).entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
    }

    @Override
    public String label(GemmChoice choice) {
        return labels.apply(choice);
    }

    @Override
    public List<GemmChoice> candidates(GemmChoice from) {
        return trying.apply(from);
    }
}
