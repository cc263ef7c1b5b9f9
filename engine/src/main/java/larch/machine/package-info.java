/// The machine below the engine: its processor's name, the peak of its arithmetic, the user's cache folder.
package larch.machine;
