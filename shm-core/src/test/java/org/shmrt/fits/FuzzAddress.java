package org.shmrt.fits;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.shmrt.fits.pixel.ImageSection;
import org.shmrt.fits.provider.FitsFormat;
import org.shmrt.fuzz.Seeds;
import org.shmrt.fuzz.TextTarget;
import org.shmrt.memory.Shape;

/** Parses the address of an image in a FITS file, and selects its section of an image of the shape before it. */
final class FuzzAddress extends TextTarget {
    FuzzAddress() {
        super(
                "3x4x5\nx.fits[SCI][3,:,:]",
                "480x640\nx.fits[0]",
                "8\nx.fits[SCI,2]",
                "3x4\na[1:3,0]",
                "3x4\nx.fits[][]",
                "4\nx[:999999999999999999]",
                "5x5\nx.fits.gz[WAVE, 12][:,2:]");
    }

    @Override
    public void use(byte[] input) {
        String[] words = Seeds.text(input).split("\n", 2);
        Shape whole = Shape.parse(words[0]);
        if (words.length < 2 || whole.elementCount() == 0) {
            return;
        }
        Path path;
        try {
            path = Path.of(words[1].replace('\n', ' '));
        } catch (InvalidPathException e) {
            return;
        }
        new FitsFormat().reads(path);
        FitsAddress address = FitsAddress.parse(path);
        address.selector().description();
        if (address.slice().isEmpty()) {
            return;
        }
        ImageSection section = address.slice().get().of(whole, "x.fits");
        if (section.shape().elementCount() > whole.elementCount()) {
            throw new AssertionError(words[1] + " selects " + section.shape() + " of " + whole);
        }
        if (whole.elementCount() < 10_000) {
            long[] selected = new long[1];
            section.forEachRun((element, count, done) -> {
                if (element < 0 || count < 1 || element + count > whole.elementCount() || done != selected[0]) {
                    throw new AssertionError(
                            words[1] + " selects " + count + " elements at " + element + " of " + whole);
                }
                selected[0] += count;
            });
            if (selected[0] != section.shape().elementCount()) {
                throw new AssertionError(words[1] + " selects " + selected[0] + " elements, not " + section.shape());
            }
        }
    }
}
