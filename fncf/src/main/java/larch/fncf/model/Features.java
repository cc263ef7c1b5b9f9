package larch.fncf.model;

import larch.fncf.data.Dataset;
import larch.tensor.Tensor;

/// The side information of all users and items as dense tables, constant during training.
///
/// @param users `[numUsers, du]`, each coordinate in [0, 1]
/// @param items `[numItems, di]`, each coordinate in [0, 1]
public record Features(Tensor users, Tensor items) {
    /// @param dataset where they come from
    /// @return its feature tables
    public static Features of(Dataset dataset) {
        return new Features(dataset.userFeatures().dense(), dataset.itemFeatures().dense());
    }
}
