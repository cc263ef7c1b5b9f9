package larch.random;

public final class Rng {
}
