# Values for missing outcomes on the trials of trials.R: Rscript attrition.R writes attrition_values.csv.
# With Debian's estimatr. Lee's bounds by trimming row after row, their standard errors by the formula of his
# proposition 3; a bootstrap of the same bounds in a large trial is printed beside it.
source("values.R")
suppressPackageStartupMessages(library(estimatr))

# Mean of what is left when the share q is taken off the top, a row at the cutoff in part, with its variance:
# V1 of the mean that is left, V2 of the cutoff, V3 of the share itself (Lee 2009, p. 1094).
trimmed <- function(y, q, rate, n, other, m) {
  y <- sort(y); weight <- rep(1, length(y)); off <- q * length(y)
  for (at in rev(seq_along(y))) { take <- min(1, off); weight[at] <- 1 - take; off <- off - take }
  kept <- weight > 1e-9; cut <- max(y[kept]); mean <- sum(weight * y) / sum(weight)
  v1 <- sum(weight * (y - mean)^2) / sum(weight); p <- q
  observed <- length(y)
  within <- (v1 + (cut - mean)^2 * p) / (observed * (1 - p))
  share <- ((cut - mean) / (1 - p))^2 * (1 - p)^2 * ((1 - rate) / rate / n + (1 - other) / other / m)
  c(mean, within + share)
}
lee <- function(y, u, seen) {
  n <- c(sum(u == 0), sum(u == 1)); rate <- c(mean(seen[u == 0]), mean(seen[u == 1]))
  a <- if (rate[2] >= rate[1]) 2 else 1; b <- 3 - a; q <- 1 - rate[b] / rate[a]
  more <- y[u == a - 1 & seen == 1]; less <- y[u == b - 1 & seen == 1]
  low <- trimmed(more, q, rate[a], n[a], rate[b], n[b]); high <- trimmed(-more, q, rate[a], n[a], rate[b], n[b]); high[1] <- -high[1]
  whole <- c(mean(less), mean((less - mean(less))^2) / length(less))
  se <- function(it) sqrt(it[2] + whole[2])
  out <- if (a == 2) list(c(low[1] - whole[1], se(low)), c(high[1] - whole[1], se(high))) else list(c(whole[1] - high[1], se(high)), c(whole[1] - low[1], se(low)))
  list(lower = out[[1]], upper = out[[2]], trim = q, rate = rate)
}
report <- function(id, case, lower, upper) {
  normal(id, case, "lower", lower[1], lower[2]); normal(id, case, "upper", upper[1], upper[2])
  width <- (upper[1] - lower[1]) / max(lower[2], upper[2])
  c <- uniroot(function(c) pnorm(c + width) - pnorm(-c) - .95, c(1.6, 2), tol = 1e-14)$root
  add(id, case, "imbens_manski", low = lower[1] - c * lower[2], high = upper[1] + c * upper[2])
}

for (id in unique(trials$dataset)) {
  t <- trials[trials$dataset == id, ]
  it <- lee(t$y, t$u, t$seen); case <- "lee_bounds z=u observed=seen"
  report(id, case, it$lower, it$upper); add(id, case, "trim_share", it$trim)
  add(id, case, "response_control", it$rate[1]); add(id, case, "response_treated", it$rate[2])
  # Worst cases.
  fill <- function(arm, value) { y <- t$y[t$u == arm]; ifelse(is.na(y), value, y) }
  worst <- function(a, b) { it <- t.test(fill(1, a), fill(0, b)); c(-diff(it$estimate), it$stderr) }
  report(id, "manski_bounds z=u observed=seen support=-9+15", worst(-9, 15), worst(15, -9))
  # Weights for who is observed.
  fit <- suppressWarnings(glm(seen ~ u + x2 + y0, binomial, t, control = glm.control(epsilon = 1e-15, maxit = 200)))
  if (max(abs(coef(fit))) < 8) {
    t$inverse <- 1 / fitted(fit); k <- t[t$seen == 1, ]
    for (words in c("covariates=y0 se=HC2", "se=HC1")) {
      w <- if (words == "se=HC1") lm_robust(y ~ u, k, weights = inverse, se_type = "HC1") else lm_robust(y ~ u + y0, k, weights = inverse, se_type = "HC2")
      add(id, paste("ipw z=u observed=seen response_model=x2+y0", words), "z", w$coefficients[["u"]], w$std.error[["u"]], w$statistic[["u"]], w$df[["u"]],
        w$p.value[["u"]], w$conf.low[["u"]], w$conf.high[["u"]])
    }
  }
}
write_values("attrition_values.csv")

# 4,000 bootstraps of the trial of Angrist, Lang and Oreopoulos: by the formula, and by the spread of what is drawn
# again. The last column is the Monte Carlo error of the bootstrap, of a standard error 1/sqrt(2 x 4,000).
set.seed(2009)
star <- subset(read.csv("alo_star.csv"), control == 1 | sfsp == 1)
seen <- as.integer(!is.na(star$GPA_year1)); formula <- lee(star$GPA_year1, star$sfsp, seen)
drawn <- replicate(4000, { at <- sample(nrow(star), replace = TRUE); it <- lee(star$GPA_year1[at], star$sfsp[at], seen[at]); c(it$lower[1], it$upper[1]) })
out <- data.frame(bound = c("lower", "upper"), estimate = c(formula$lower[1], formula$upper[1]), formula = c(formula$lower[2], formula$upper[2]),
  bootstrap = apply(drawn, 1, sd), monte_carlo_error = apply(drawn, 1, sd) / sqrt(2 * 4000))
for (it in 2:5) out[[it]] <- sprintf("%.10g", out[[it]])
write.csv(out, "lee_errors.csv", row.names = FALSE, quote = FALSE)
