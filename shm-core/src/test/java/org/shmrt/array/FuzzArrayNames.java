package org.shmrt.array;

import org.shmrt.fuzz.Seeds;
import org.shmrt.fuzz.TextTarget;

/** Names of arrays, types and header versions as users write them. */
final class FuzzArrayNames extends TextTarget {
    FuzzArrayNames() {
        super(
                "nshm://name",
                "nfile:///tmp/a",
                "nname",
                "nfile://a\0",
                "nhttp://x",
                "n../up",
                "tfloat32",
                "tU3",
                "t<f8",
                "tdatetime64[s]",
                "tvoid16",
                "tS7",
                "ftrailer-292",
                "f548",
                "fheader-160");
    }

    @Override
    public void use(byte[] input) {
        String text = Seeds.text(input);
        if (text.isEmpty()) {
            return;
        }
        String rest = text.substring(1);
        switch (text.charAt(0)) {
            case 't' -> {
                var _ = ArrayType.parse(rest).toString();
            }
            case 'f' -> HeaderVersion.parse(rest);
            default -> ArrayName.of(SharedArray.path(rest));
        }
    }
}
