#include <stddef.h>
#include <stdint.h>

#define SIDE (16 + SHAPE)

struct lattice_SHAPE {
  double value[SIDE][SIDE];
  uint32_t seed;
};

static uint32_t next_SHAPE(struct lattice_SHAPE *l) {
  l->seed ^= l->seed << 13;
  l->seed ^= l->seed >> 17;
  return l->seed ^= l->seed << 5;
}

#define STEP(name, expression)                                                          \
  double name##_SHAPE(struct lattice_SHAPE *l, size_t rounds) {                          \
    double sum = 0;                                                                      \
    for (size_t r = 0; r < rounds; r++)                                                  \
      for (size_t y = 1; y + 1 < SIDE; y++)                                              \
        for (size_t x = 1; x + 1 < SIDE; x++) {                                          \
          double a = l->value[y - 1][x], b = l->value[y + 1][x];                         \
          double c = l->value[y][x - 1], d = l->value[y][x + 1];                         \
          double noise = (double)next_SHAPE(l) / 4294967296.0;                           \
          l->value[y][x] = (expression);                                                 \
          sum += l->value[y][x];                                                         \
        }                                                                                \
    return sum;                                                                          \
  }

STEP(mean, (a + b + c + d) / 4)
STEP(heat, (a + b + c + d) / 4 + noise * 0.01)
STEP(drift, (a * 0.1 + b * 0.2 + c * 0.3 + d * 0.4))
STEP(spread, a > b ? (c - d) * noise : (d - c) * noise)
STEP(bound, a + b > 1 ? 1 : c + d < -1 ? -1 : (a - d) * 0.5)
STEP(bilinear, (a * d + b * c) * 0.5)
STEP(cubic, a * a * a - b * c * d)
STEP(ratio, (a + 1e-9) / (b * b + 1) + (c + 1e-9) / (d * d + 1))

uint64_t digest_SHAPE(const struct lattice_SHAPE *l) {
  uint64_t digest = 14695981039346656037u;
  const unsigned char *bytes = (const unsigned char *)l->value;
  for (size_t i = 0; i < sizeof l->value; i++) digest = (digest ^ bytes[i]) * 1099511628211u;
  return digest;
}
