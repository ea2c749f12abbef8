# Values for what least squares and designs give, on the trials of trials.R: Rscript regression.R writes
# regression_values.csv. With Debian's estimatr, clubSandwich and mice; Horvitz and Thompson's and Hajek's
# variance by their definition over all pairs; Anderson and Rubin's interval by trying effects.
source("values.R")
suppressPackageStartupMessages({ library(estimatr); library(clubSandwich); library(mice) })

fitted_rows <- function(id, case, fit, terms) for (it in names(terms)) {
  of <- function(field) { x <- unlist(fit[[field]]); if (is.null(names(x))) x[[1]] else x[[it]] }
  add(id, case, terms[[it]], of("coefficients"), of("std.error"), of("statistic"), of("df"), of("p.value"), of("conf.low"), of("conf.high"))
}

# The variance of totals over the probabilities of arms: every pair of an arm of one unit and an arm of another.
pairs_variance <- function(sum, treated, block) {
  n <- length(sum); v <- 0
  size <- as.vector(table(block)[as.character(block)]); seats <- ave(treated, block, FUN = base::sum)
  prob <- function(i, arm) if (arm == 1) seats[i] / size[i] else 1 - seats[i] / size[i]
  joint <- function(i, a, j, b) {
    if (i == j) return(if (a == b) prob(i, a) else 0)
    if (block[i] != block[j]) return(prob(i, a) * prob(j, b))
    m <- if (a == 1) seats[i] else size[i] - seats[i]
    if (a == b) m * (m - 1) / (size[i] * (size[i] - 1)) else m * (size[i] - m) / (size[i] * (size[i] - 1))
  }
  total <- function(i, arm) if (treated[i] == arm) (if (arm == 1) 1 else -1) * sum[i] / prob(i, arm) else 0
  for (i in 1:n) for (a in 0:1) for (j in 1:n) for (b in 0:1) {
    p <- joint(i, a, j, b); q <- prob(i, a) * prob(j, b)
    # A pair that can't be seen: 2ab is at most a squared and b squared, each with its own probability.
    if (p == 0) v <- v + .5 * (total(i, a)^2 * prob(i, a) + total(j, b)^2 * prob(j, b))
    else v <- v + (p - q) / p * total(i, a) * total(j, b)
  }
  v
}
weighted <- function(id, words, y, z, block, cl) {
  z <- tapply(z, cl, max); block <- tapply(block, cl, max); sum <- tapply(y, cl, sum); n <- tapply(y, cl, length)
  p <- ave(as.vector(z), block); p <- ifelse(z == 1, p, 1 - p)
  ht <- (sum(sum[z == 1] / p[z == 1]) - sum(sum[z == 0] / p[z == 0])) / sum(n)
  normal(id, paste("horvitz_thompson", words), "z", ht, sqrt(pairs_variance(as.vector(sum) / sum(n), as.vector(z), as.vector(block))))
  rows <- sapply(1:0, function(a) sum((n / p)[z == a])); mean <- sapply(1:0, function(a) sum((sum / p)[z == a])) / rows
  rest <- (sum - n * mean[2 - z]) / rows[2 - z]
  normal(id, paste("hajek", words), "z", mean[1] - mean[2], sqrt(pairs_variance(as.vector(rest), as.vector(z), as.vector(block))))
}

for (id in unique(trials$dataset)) {
  t <- trials[trials$dataset == id, ]; t$f <- factor(t$f); t$b <- factor(t$b)
  k <- t[!is.na(t$y) & !is.na(t$x1), ]; y <- t[!is.na(t$y), ]
  z <- c(z = "z"); u <- c(u = "z")
  fitted_rows(id, "difference_in_means z=z cluster=cl", difference_in_means(y ~ z, y, clusters = cl), z)
  fitted_rows(id, "difference_in_means y=yp z=v block=pair", difference_in_means(yp ~ v, t[!is.na(t$yp) & !is.na(t$pair), ], blocks = pair), c(v = "z"))
  fitted_rows(id, "difference_in_means z=u block=b without=b:two", difference_in_means(y ~ u, subset(y, b != "two"), blocks = b), u)
  fitted_rows(id, "lm_robust z=z covariates=x1 factors=f cluster=cl", lm_robust(y ~ z + x1 + f, k, clusters = cl), c(z = "z", x1 = "x1", fb = "f[b]"))
  fitted_rows(id, "lm_robust z=u covariates=x1 fixed_effects=b se=HC2", lm_robust(y ~ u + x1, k, fixed_effects = ~b, se_type = "HC2"), u)
  fitted_rows(id, "lin z=u covariates=x1 se=HC1", lm_lin(y ~ u, ~ x1, k, se_type = "HC1"), u)
  fitted_rows(id, "ancova z=z baseline=y0 covariates=x1 cluster=cl", lm_robust(y ~ z + y0 + x1, k, clusters = cl), c(z = "z", y0 = "baseline", x1 = "x1"))
  fitted_rows(id, "ancova z=u baseline=y0 factors=b se=HC3", lm_robust(y ~ u + y0 + b, y, se_type = "HC3"), c(u = "z", y0 = "baseline"))
  fitted_rows(id, "did z=z baseline=y0 cluster=cl se=stata", lm_robust(I(y - y0) ~ z, y, clusters = cl, se_type = "stata"), z)
  fitted_rows(id, "did z=u baseline=y0 covariates=x1 fixed_effects=b se=HC2", lm_robust(I(y - y0) ~ u + x1, k, fixed_effects = ~b), u)
  # Effects by subgroup: the same model with another level as reference, or centred.
  case <- "interaction z=u moderator=f se=HC2"
  m <- y; m$fb <- (m$f == "b") - mean(m$f == "b"); m$fc <- (m$f == "c") - mean(m$f == "c")
  fitted_rows(id, case, lm_robust(y ~ u * (fb + fc), m), c(u = "z", "u:fb" = "z:f[b]", "u:fc" = "z:f[c]"))
  for (it in c("a", "b", "c")) { m$f <- relevel(factor(y$f), it); fitted_rows(id, case, lm_robust(y ~ u * f, m), setNames(paste0("z|f=", it), "u")) }
  case <- "interaction z=z moderator=x2 covariates=x1 cluster=cl"
  m <- k; m$c <- m$x2 - mean(m$x2)
  fitted_rows(id, case, lm_robust(y ~ z * c + x1, m, clusters = cl), c(z = "z", "z:c" = "z:x2"))
  for (it in 0:1) { m$c <- m$x2 - it; fitted_rows(id, case, lm_robust(y ~ z * c + x1, m, clusters = cl), setNames(paste0("z|x2=", it), "z")) }
  # The index.
  parts <- sapply(c("p1", "p2", "p3"), function(it) (t[[it]] - mean(t[[it]][t$z == 0], na.rm = TRUE)) / sd(t[[it]][t$z == 0], na.rm = TRUE))
  m <- t; m$index <- rowMeans(parts, na.rm = TRUE); m <- m[!is.nan(m$index), ]
  fitted_rows(id, "index y=one z=z outcomes=p1+p2+p3 cluster=cl", lm_robust(index ~ z, m, clusters = cl), z)
  # Instruments.
  for (se in "HC2") {
    case <- paste0("iv z=u endogenous=d covariates=x1 se=", se)
    fitted_rows(id, case, iv_robust(y ~ d + x1 | u + x1, k, se_type = se), c(d = "z", x1 = "x1"))
    fitted_rows(id, case, lm_robust(y ~ u + x1, k, se_type = se), c(u = "itt"))
    fitted_rows(id, case, lm_robust(d ~ u + x1, k, se_type = se), c(u = "first_stage"))
    p <- function(effect) lm_robust(I(y - effect * d) ~ u + x1, k, se_type = se)$p.value[["u"]]
    late <- iv_robust(y ~ d + x1 | u + x1, k, se_type = se)$coefficients[["d"]]
    end <- function(side) {
      far <- late + side; while (p(far) > .05 && abs(far) < 1e4) far <- late + 2 * (far - late)
      if (abs(far) >= 1e4) NA else uniroot(function(b) p(b) - .05, sort(c(late, far)), tol = 1e-12)$root
    }
    low <- end(-1); high <- end(1)
    if (!is.na(low) && !is.na(high)) add(id, case, "anderson_rubin", p = p(0), low = low, high = high)
  }
  # Probabilities of arms, by row in blocks with one of two, and by cluster.
  weighted(id, "z=u block=b", y$y, y$u, as.character(y$b), seq_len(nrow(y)))
  weighted(id, "z=z block=block cluster=cl", y$y, y$z, y$block, y$cl)
  # Equivalence.
  e <- function(mu, side) t.test(y ~ factor(u, 1:0), y, mu = mu, alternative = side)
  w <- t.test(y ~ factor(u, 1:0), y, conf.level = .9); low <- e(-1.5, "greater"); high <- e(1.5, "less")
  case <- "equivalence z=u margin=1.5"
  add(id, case, "joint", w$estimate[1] - w$estimate[2], w$stderr, p = max(low$p.value, high$p.value), low = w$conf.int[1], high = w$conf.int[2])
  add(id, case, "lower", statistic = low$statistic, df = low$parameter, p = low$p.value)
  add(id, case, "upper", statistic = high$statistic, df = high$parameter, p = high$p.value)
  # Imputations, pooled.
  for (case in c("multiple_imputation y=one z=u imputations=m1+m2+m3 factors=b se=HC2", "multiple_imputation y=one z=z imputations=m1+m2+m3 cluster=cl")) {
    fits <- lapply(1:3, function(j) { t$m <- t[[paste0("m", j)]]; if (grepl("cluster", case)) lm_robust(m ~ z, t, clusters = cl) else lm_robust(m ~ u + b, t) })
    of <- function(field) sapply(fits, function(it) it[[field]][[2]])
    pool <- pool.scalar(of("coefficients"), of("std.error")^2, n = mean(of("df")), k = 0)
    # Below this share between imputations mice takes 1e-4, and the exact rule does not.
    if ((1 + 1 / 3) * pool$b / pool$t < 1e-3) next
    q <- qt(.975, pool$df) * sqrt(pool$t)
    add(id, case, "z", pool$qbar, sqrt(pool$t), pool$qbar / sqrt(pool$t), pool$df, 2 * pt(-abs(pool$qbar / sqrt(pool$t)), pool$df), pool$qbar - q, pool$qbar + q)
    add(id, case, "within", pool$ubar); add(id, case, "between", pool$b); add(id, case, "fmi", pool$fmi)
  }
}
write_values("regression_values.csv")
