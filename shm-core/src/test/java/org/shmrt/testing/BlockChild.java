package org.shmrt.testing;

import org.shmrt.block.ShareableList;

/** Another process that attaches a list and prints it. */
public final class BlockChild {
    private BlockChild() {}

    public static void main(String[] words) {
        switch (words[0]) {
            case "view" -> {
                try (ShareableList list = ShareableList.attachReadOnly(words[1])) {
                    System.out.println(list.toList());
                }
            }
            default -> throw new IllegalArgumentException(words[0]);
        }
    }
}
