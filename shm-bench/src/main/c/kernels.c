/* The arithmetic of a control loop in C, as a library for the benchmarks: matrices row by row, and slopes. */
#include <stdint.h>
#include <string.h>

void matrix_multiply(const float *restrict a, const float *restrict x, float *restrict y, int rows, int columns)
{
    for (int i = 0; i < rows; i++) {
        float sum = 0;
        for (int j = 0; j < columns; j++)
            sum += a[(long)i * columns + j] * x[j];
        y[i] = sum;
    }
}

/* Centres of gravity of subapertures of size pixels in frames of width x height, x and y interleaved. */
void slopes_compute(const uint16_t *restrict image, int width, int height, int size, float *restrict slopes)
{
    int sums[4096], weighted[4096];
    for (int r = 0; r < height / size; r++) {
        memset(sums, 0, (size_t)width * sizeof *sums);
        memset(weighted, 0, (size_t)width * sizeof *weighted);
        for (int y = 0; y < size; y++) {
            const uint16_t *line = image + (long)(r * size + y) * width;
            for (int x = 0; x < width; x++) {
                sums[x] += line[x];
                weighted[x] += line[x] * y;
            }
        }
        for (int k = 0; k < width / size; k++) {
            int total = 0, moment_x = 0, moment_y = 0;
            for (int x = 0; x < size; x++) {
                total += sums[k * size + x];
                moment_x += sums[k * size + x] * x;
                moment_y += weighted[k * size + x];
            }
            float scale = 1.0f / (float)total;
            *slopes++ = (float)moment_x * scale - (float)(size - 1) / 2;
            *slopes++ = (float)moment_y * scale - (float)(size - 1) / 2;
        }
    }
}
