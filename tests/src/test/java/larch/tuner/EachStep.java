package larch.tuner;

/// Hears every step of a search: the hand that moves a test's clock, or that ends the search in its middle.
///
/// @param action what to do after each measurement that was kept
public record EachStep(Runnable action) implements StagedSearch.Listener {
    /// Does nothing.
    public static final EachStep IGNORED = new EachStep(() -> { });

    @Override
    public void progressed() {
        action.run();
    }

    @Override
    public void ended(TuneReport.Stage stage) {
        // Its steps were told one by one.
    }
}
