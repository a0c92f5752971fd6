package org.shmrt.soak;

/** The straight line through points that arrive one by one; keeps sums only. Any thread may use it. */
final class LinearTrend {
    private long points;
    private double sumX;
    private double sumY;
    private double sumXx;
    private double sumXy;

    synchronized void add(double x, double y) {
        points++;
        sumX += x;
        sumY += y;
        sumXx += x * x;
        sumXy += x * y;
    }

    /** How much y grows with x; 0 while that cannot be told. */
    synchronized double slope() {
        double spread = points * sumXx - sumX * sumX;
        return points < 3 || spread == 0 ? 0 : (points * sumXy - sumX * sumY) / spread;
    }
}
