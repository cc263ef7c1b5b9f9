package larch.fncf.model;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import larch.autodiff.Var;
import larch.op.GaussianNoise;
import larch.random.Rng;

/// The noise layers of one forward pass: `x + σ·ε`, `ε ~ N(0,1)`, at some inputs of dense layers (Du et al., Eq. (9), read
/// as noise on activations).
///
/// Noise belongs to training; evaluation and attack use [#NONE] (Eq. (15) has no noise). Each site and step has a random
/// stream of its own.
///
/// @param sigma  σ, standard deviation; 0 leaves every bit as it is
/// @param sites  where
/// @param stream randomness of this step
public record Noise(float sigma, Set<NoiseSite> sites, Rng stream) {
    /// No noise at all.
    public static final Noise NONE = new Noise(0, EnumSet.noneOf(NoiseSite.class), Rng.of(0));

    Var apply(NoiseSite site, Var x) {
        if (sigma == 0 || !sites.contains(site)) {
            return x;
        }
        return x.apply(new GaussianNoise(stream.stream(site.name().toLowerCase(Locale.ROOT)), sigma));
    }
}
