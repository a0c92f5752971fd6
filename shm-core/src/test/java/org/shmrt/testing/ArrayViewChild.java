package org.shmrt.testing;

import java.nio.file.Path;
import java.util.Optional;
import org.shmrt.array.ArrayInfo;
import org.shmrt.array.SharedArray;

/** Another process that attaches an array, reads its metadata and first element, and deletes it. */
public final class ArrayViewChild {
    private ArrayViewChild() {}

    public static void main(String[] words) {
        Path file = SharedArray.path(words[0]);
        try (SharedArray array = SharedArray.attachReadOnly(words[0])) {
            System.out.println(array.shape() + " " + array.getDouble(0) + " "
                    + Optional.of(array.info()).equals(ArrayInfo.detect(file)));
        }
        SharedArray.delete(words[0]);
    }
}
