package org.shmrt.testing;

import java.nio.file.Path;
import org.shmrt.array.ArrayFiles;
import org.shmrt.array.SharedArray;

/** A process that inspects an array, reads its first element, and deletes it. */
public final class ArrayViewChild {
    private ArrayViewChild() {}

    public static void main(String[] words) {
        Path file = ArrayFiles.path(words[0]);
        try (SharedArray array = SharedArray.attachReadOnly(words[0])) {
            System.out.println(array.shape() + " " + array.getDouble(0) + " "
                    + array.info().equals(ArrayFiles.recognise(file)));
        }
        SharedArray.delete(words[0]);
    }
}
