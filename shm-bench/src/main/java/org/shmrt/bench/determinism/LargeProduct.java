package org.shmrt.bench.determinism;

import java.util.Random;
import org.shmrt.math.FloatMatrix;
import org.shmrt.math.KernelKind;

/** One start of a JVM that warms up a large product, and then measures it and OpenBLAS alternately. */
final class LargeProduct {
    /** The count that it prints if OpenBLAS is not installed. */
    static final String WITHOUT_OPENBLAS = "without_openblas";

    private LargeProduct() {}

    /**
     * Measures.
     *
     * @param words rows, columns, rounds, core
     */
    public static void main(String[] words) {
        int rows = Integer.parseInt(words[0]);
        int columns = Integer.parseInt(words[1]);
        int rounds = Integer.parseInt(words[2]);
        RealTime.pin(Integer.parseInt(words[3]));
        Random random = new Random(1);
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        float[] x = new float[columns];
        for (int i = 0; i < columns; i++) {
            x[i] = random.nextFloat();
        }
        float[] y = new float[rows];
        FloatMatrix chosen = FloatMatrix.of(rows, columns, values);
        System.out.println("NOTE " + chosen.warmUp());
        if (KernelKind.OPENBLAS.missingReason().isPresent()) {
            System.out.println("NOTE " + KernelKind.OPENBLAS.missingReason().get());
            System.out.println("COUNT " + WITHOUT_OPENBLAS + " 1");
            return;
        }
        FloatMatrix blas = FloatMatrix.of(rows, columns, values).use(KernelKind.OPENBLAS);
        Samples chosenTimes = new Samples(rounds);
        Samples blasTimes = new Samples(rounds);
        for (int i = 0; i < rounds; i++) {
            long start = System.nanoTime();
            chosen.multiply(x, y);
            long between = System.nanoTime();
            blas.multiply(x, y);
            blasTimes.add(System.nanoTime() - between);
            chosenTimes.add(between - start);
        }
        System.out.println(chosenTimes.line("chosen"));
        System.out.println(blasTimes.line("openblas"));
    }
}
