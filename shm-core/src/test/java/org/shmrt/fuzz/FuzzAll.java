package org.shmrt.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * All targets in one, selected by the first byte of an input, since starting a JVM takes longer than thousands of
 * inputs.
 */
final class FuzzAll implements FuzzTarget {
    private final List<FuzzTarget> targets = new ArrayList<>();

    FuzzAll() {
        for (String name : FuzzTargets.names()) {
            targets.add(FuzzTargets.named(name));
        }
    }

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            for (byte[] seed : targets.get(i).seeds()) {
                byte[] input = new byte[seed.length + 1];
                input[0] = (byte) i;
                System.arraycopy(seed, 0, input, 1, seed.length);
                seeds.add(input);
            }
        }
        return seeds;
    }

    @Override
    public int mostInputBytes() {
        return 1 + targets.stream().mapToInt(FuzzTarget::mostInputBytes).max().orElseThrow();
    }

    @Override
    public long mostBytes(int inputBytes) {
        return Long.MAX_VALUE; // the limit of each target is checked
    }

    @Override
    public void use(byte[] input) {
        if (input.length == 0) {
            return;
        }
        FuzzTarget target = targets.get(Byte.toUnsignedInt(input[0]) % targets.size());
        // Not more than the target's own runs would give it: its limit of memory is right for such inputs.
        int end = Math.min(input.length, 1 + target.mostInputBytes());
        FuzzCheck.check(target, Arrays.copyOfRange(input, 1, end));
    }
}
