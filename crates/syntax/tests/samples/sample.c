#include <stdio.h>
#include "local/list.h"
#include CONFIG_HEADER
#ifndef SAMPLE_H
#define SAMPLE_H
#define LIMIT 10
#define MAX(a, b) ((a) > (b) ? (a) : (b))

struct node { int value; struct node *next; };
typedef struct { int x; } point_t;
typedef int (*callback)(int, void *);
enum colour { RED, GREEN };
union either { int a; float b; };

extern int counter;
static const char *names[] = { "a", "b" };
int prototype(int a, char *b);

/* Finds a node. */
static struct node *find(struct node *list, int value)
{
    for (; list; list = list->next) {
        if (list->value == value && value != 0)
            return list;
        else if (value > LIMIT || value < 0)
            goto out;
        else
            continue;
    }
out:
    return NULL;
}

int main(void)
{
    switch (counter) {
    case 1:
    case 2:
        printf("text %d\n", MAX(1, 2));
        break;
    default:
        do { counter--; } while (counter > 0);
    }
    struct node *n = find(0, 1);
    n->callback(fopen("file.txt", "r"));
    return n ? 0 : getenv("HOME") != 0;
}
#endif
