package larch.fncf.attack;

/// Is told how far an attack has come, about ten times for each descent.
@FunctionalInterface
public interface AttackProgress {
    /// Nobody listens.
    AttackProgress NONE = _ -> {
    };

    /// @param share of the planned gradient steps that are behind us; never falls, and is 1 at the end
    void at(double share);
}
