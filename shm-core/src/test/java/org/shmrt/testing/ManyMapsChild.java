package org.shmrt.testing;

import java.util.ArrayDeque;
import java.util.Deque;
import org.shmrt.array.SharedArray;
import org.shmrt.error.ShmException;

/**
 * Attaches an array until the limit on mappings is reached, and prints the error message. Then it shows that the
 * process still works: with load for the garbage collector, and with another array after some were closed.
 */
public final class ManyMapsChild {
    private static final int CLOSED = 100;

    private ManyMapsChild() {}

    public static void main(String[] words) {
        int most = Integer.parseInt(words[1]);
        Deque<SharedArray> attached = new ArrayDeque<>(most);
        for (boolean readOnly : new boolean[] {true, false}) {
            String refusal = "none";
            try {
                while (attached.size() < most) {
                    attached.add(readOnly ? SharedArray.attachReadOnly(words[0]) : SharedArray.attach(words[0]));
                }
            } catch (ShmException e) {
                refusal = e.getMessage();
            }
            System.out.println(refusal);
        }
        byte[][] garbage = new byte[64][];
        for (int i = 0; i < 4000; i++) {
            garbage[i % garbage.length] = new byte[1 << 20];
        }
        for (int i = 0; i < CLOSED && !attached.isEmpty(); i++) {
            attached.pop().close();
        }
        SharedArray.attach(words[0]).setInt(garbage.length, 0);
        System.out.println("ok");
        System.out.flush();
        // closing the rest one by one would take longer than exiting
        Runtime.getRuntime().halt(0);
    }
}
