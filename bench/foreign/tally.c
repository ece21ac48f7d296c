#include "config.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct entry {
  char *word;
  unsigned long count;
  struct entry *next;
};

static struct entry *table[4096];

static unsigned hash(const char *word) {
  unsigned h = 2166136261u;
  while (*word) h = (h ^ (unsigned char)*word++) * 16777619u;
  return h % 4096;
}

static void count(const char *word) {
  struct entry **at = &table[hash(word)];
  while (*at && strcmp((*at)->word, word)) at = &(*at)->next;
  if (!*at) {
    struct entry *made = calloc(1, sizeof *made);
    if (!made || !(made->word = strdup(word))) exit(1);
    *at = made;
  }
  (*at)->count++;
}

static int by_count(const void *a, const void *b) {
  const struct entry *x = *(struct entry *const *)a, *y = *(struct entry *const *)b;
  if (x->count != y->count) return x->count < y->count ? 1 : -1;
  return strcmp(x->word, y->word);
}

int main(void) {
  char word[256];
  size_t length = 0, found = 0;
  for (int c; (c = getchar()) != EOF;) {
    if (!isspace(c) && length < sizeof word - 1) word[length++] = (char)c;
    else if (length > 0) {
      word[length] = 0;
      count(word);
      length = 0;
    }
  }
  static struct entry *all[1 << 16];
  for (size_t i = 0; i < 4096; i++)
    for (struct entry *one = table[i]; one && found < 1 << 16; one = one->next) all[found++] = one;
  qsort(all, found, sizeof *all, by_count);
  for (size_t i = 0; i < found; i++) printf("%lu %s\n", all[i]->count, all[i]->word);
  return 0;
}
