package org.shmrt.soak;

/** Linear regression over points that are added one by one. Thread-safe. */
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

    /** The slope of the line; 0 for fewer than three points. */
    synchronized double slope() {
        double spread = points * sumXx - sumX * sumX;
        return points < 3 || spread == 0 ? 0 : (points * sumXy - sumX * sumY) / spread;
    }
}
