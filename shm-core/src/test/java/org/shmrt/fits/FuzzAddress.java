package org.shmrt.fits;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.shmrt.fits.pixel.ImageSection;
import org.shmrt.fuzz.Seeds;
import org.shmrt.fuzz.TextTarget;
import org.shmrt.memory.Shape;

/** The address of an image in a FITS file, and the part it takes of an image of the shape in front of it. */
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
        FitsAddress.fileName(path);
        FitsAddress address = FitsAddress.parse(path);
        address.wanted();
        if (address.slice() == null) {
            return;
        }
        ImageSection cut = address.slice().of(whole, "x.fits");
        if (cut.shape().elementCount() > whole.elementCount()) {
            throw new AssertionError(words[1] + " takes " + cut.shape() + " of " + whole);
        }
        if (whole.elementCount() < 10_000) {
            long[] taken = new long[1];
            cut.forEachRun((element, count, done) -> {
                if (element < 0 || count < 1 || element + count > whole.elementCount() || done != taken[0]) {
                    throw new AssertionError(words[1] + " takes " + count + " elements at " + element + " of " + whole);
                }
                taken[0] += count;
            });
            if (taken[0] != cut.shape().elementCount()) {
                throw new AssertionError(words[1] + " takes " + taken[0] + " elements, not " + cut.shape());
            }
        }
    }
}
