package org.shmrt.fits;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.fits.header.ByteSource;
import org.shmrt.fits.header.CardReader;
import org.shmrt.fits.header.CardWriter;
import org.shmrt.fits.header.MemorySource;
import org.shmrt.fuzz.FuzzCheck;
import org.shmrt.fuzz.FuzzTarget;
import org.shmrt.fuzz.Seeds;

/**
 * Reads a FITS file, plain, gzipped or with compressed tiles, and a section of it. An input is the file. If its first
 * byte is {@code [}, it starts with the address up to a line end.
 */
final class FuzzFits implements FuzzTarget {
    private static final int MAX_INPUT_BYTES = 9000;
    private static final String[] ADDRESSES = {"[0]", "[1]", "[SCI]", "[SCI,2][0:1,:]", "[:,1:3]", "[0][1,0:9]"};
    private final String prefix;

    /** Uses the files whose names start with a prefix as seeds. */
    FuzzFits(String prefix) {
        this.prefix = prefix;
    }

    @Override
    public List<byte[]> seeds() {
        List<byte[]> files = new ArrayList<>(Seeds.files("/golden/fits", prefix, MAX_INPUT_BYTES));
        if (prefix.isEmpty()) {
            files.addAll(Seeds.files("/golden/corrupt", "fits_", MAX_INPUT_BYTES));
        }
        List<byte[]> seeds = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            byte[] file = trimmed(files.get(i));
            seeds.add(file);
            if (i % 3 == 0) {
                byte[] address = (ADDRESSES[i / 3 % ADDRESSES.length] + "\n").getBytes(StandardCharsets.US_ASCII);
                byte[] both = Arrays.copyOf(address, address.length + file.length);
                System.arraycopy(file, 0, both, address.length, file.length);
                seeds.add(both);
            }
        }
        return seeds;
    }

    // Most of the zeros that fill the last block of 2880 bytes are removed, to keep seeds short.
    private static byte[] trimmed(byte[] file) {
        int end = file.length;
        while (end > file.length - 2800 && end > 1 && file[end - 1] == 0 && file[0] == 'S') {
            end--;
        }
        return Arrays.copyOf(file, Math.min(file.length, end + 80));
    }

    @Override
    public int mostInputBytes() {
        return MAX_INPUT_BYTES;
    }

    /** Compressed data may expand ten thousand times, and each pixel of a tile takes 12 bytes more. */
    @Override
    public long mostBytes(int inputBytes) {
        return 40_000L * inputBytes + (1 << 20);
    }

    @Override
    public void use(byte[] input) {
        int from = 0;
        String address = "";
        if (input.length > 0 && input[0] == '[') {
            while (from < input.length && from < 100 && input[from] != '\n') {
                from++;
            }
            address = new String(input, 0, from, StandardCharsets.ISO_8859_1)
                    .replace('\0', '0')
                    .replace('\n', ' ');
            from = Math.min(input.length, from + 1);
        }
        FitsAddress parsed;
        try {
            parsed = FitsAddress.parse(Path.of("x.fits" + address));
        } catch (IllegalArgumentException e) {
            return;
        }
        read(MemorySource.of(Arrays.copyOfRange(input, from, input.length)), parsed);
    }

    private static void read(ByteSource source, FitsAddress address) {
        try (FitsInput input = FitsInput.open(source, address)) {
            FuzzCheck.tolerate(() -> write(input.header().cards()));
            input.read();
        }
    }

    private static void write(List<FitsCard> cards) {
        CardWriter writer = new CardWriter();
        for (FitsCard card : cards) {
            try {
                writer.add(card);
            } catch (IllegalArgumentException e) {
                // name and value do not fit a card
            }
        }
        CardReader.cards(writer.end(), 1);
    }
}
