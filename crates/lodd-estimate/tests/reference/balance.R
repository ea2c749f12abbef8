# The numbers of balance.json, by base R alone: `Rscript balance.R > balance.json`.
#
# d2 comes from every assignment of the draw, listed one by one: the covariance of the arms' totals is
# that of the list, not a formula's. The rank correlations come from cor.test, the F test from anova.

permutations <- function(x) {
  if (length(x) <= 1) return(list(x))
  found <- list()
  for (value in unique(x)) {
    rest <- x[-match(value, x)]
    found <- c(found, lapply(permutations(rest), function(it) c(value, it)))
  }
  found
}

ginv <- function(m) {
  e <- eigen(m, symmetric = TRUE)
  keep <- e$values > 1e-9 * max(e$values)
  e$vectors[, keep, drop = FALSE] %*% (t(e$vectors[, keep, drop = FALSE]) / e$values[keep])
}

# Nine units in two blocks, three arms.
block <- c(0, 0, 0, 0, 0, 1, 1, 1, 1)
arm <- c(0, 0, 1, 2, 2, 1, 0, 1, 2)
x <- cbind(c(3, 1, 4, 1, 5, 9, 2, 6, 5), c(2, 7, 1, 8, 2, 8, 1, 8, 2), c(1, 1, 0, 0, 1, 0, 1, 1, 0))
totals <- function(a) c(colSums(x[a == 0, , drop = FALSE]), colSums(x[a == 1, , drop = FALSE]))
all <- NULL
for (one in permutations(arm[block == 0])) for (two in permutations(arm[block == 1]))
  all <- rbind(all, totals(c(one, two)))
centre <- colMeans(all)
inverse <- ginv(crossprod(sweep(all, 2, centre)) / nrow(all))
d2 <- function(t) drop(t(t - centre) %*% inverse %*% (t - centre))
observed <- d2(totals(arm))
every <- apply(all, 1, d2)

# The 32 plants of Cox and Snell: partial turnkey plants are the blocks.
plants <- read.csv("nuclear.csv")
full <- lm(pr ~ factor(pt) + date + t1 + t2 + cap + ne + ct + bw + cum.n, plants)
f <- anova(lm(pr ~ factor(pt), plants), full)[2, ]

rank <- c(4, 1, 7, 2, 6, 3, 5)
list <- c(2, 1, 6, 3, 7, 5, 4)
spearman <- cor.test(rank, list, method = "spearman", exact = TRUE)

cat(sprintf('{
  "three_arms": { "d2": %.12f, "assignments": %d, "extreme": %d },
  "plants_f": { "statistic": %.12f, "df1": %d, "df2": %d, "p": %.12f },
  "spearman": { "rho": %.12f, "p": %.12f }
}\n', observed, nrow(all), sum(every >= observed - 1e-9), f$F, as.integer(f$Df), as.integer(f$Res.Df),
  f$`Pr(>F)`, spearman$estimate, spearman$p.value))
