# Values of R's estimatr and clubSandwich on 20 made-up trials with ties, unequal clusters, weights
# of zero and blocks of two: linear_cases.csv has the trials, linear_values.csv the values.
# Run in this folder: Rscript linear.R
suppressMessages({library(estimatr); library(clubSandwich)})
set.seed(20170321)
made <- function(id) {
  G <- sample(12:20, 1); if (G %% 2) G <- G + 1
  size <- sample(1:6, G, TRUE)
  # Blocks of four clusters, the last of what is left: an even number, half of them treated.
  block_of <- (seq_len(G) - 1) %/% 4
  treated <- integer(G)
  for (b in unique(block_of)) {
    at <- which(block_of == b); treated[at] <- sample(rep(0:1, length(at) / 2))
  }
  cl <- rep(seq_len(G), size); n <- length(cl)
  x1 <- round(rnorm(n, 50, 10), 1); x2 <- rbinom(n, 1, .4)
  f <- sample(c("a", "b", "c"), n, TRUE)
  z <- treated[cl]
  d <- as.integer(ifelse(z == 1, runif(n) < .75, runif(n) < .15))
  y <- round(2 * d + .1 * x1 + x2 + rnorm(G)[cl] + rnorm(n), 1)
  w <- round(runif(n, 0, 3), 1); w[1] <- 0
  data.frame(dataset = id, y = y, z = z, d = d, x1 = x1, x2 = x2, f = f, cl = cl,
             block = block_of[cl], w = w)
}
cases <- do.call(rbind, lapply(1:20, made))
write.csv(cases, "linear_cases.csv", row.names = FALSE, quote = FALSE)

rows <- list()
add <- function(id, case, term, estimate, se, df = NA, p = NA, low = NA, high = NA)
  rows[[length(rows) + 1]] <<- data.frame(dataset = id, case = case, term = term,
    estimate = estimate, std_error = se, df = df, p_value = p, conf_low = low, conf_high = high)
est <- function(id, case, fit, terms) for (term in names(terms)) {
  of <- function(it) { it <- unlist(it); if (is.null(names(it))) it[[1]] else it[[term]] }
  add(id, case, terms[[term]], of(fit$coefficients), of(fit$std.error), of(fit$df),
      of(fit$p.value), of(fit$conf.low), of(fit$conf.high))
}
club <- function(id, case, fit, cluster, type) {
  V <- vcovCR(fit, cluster = cluster, type = type)
  t <- coef_test(fit, V, test = "Satterthwaite"); t <- t[rownames(t) == "z", ]
  add(id, case, "z", t$beta, t$SE, t$df_Satt, t$p_Satt)
}
both <- c(z = "z", x1 = "x1")
for (id in 1:20) {
  t <- cases[cases$dataset == id, ]; t$f <- factor(t$f); t$b <- factor(t$block)
  k <- t[t$w > 0, ]
  for (se in c("classical", "HC0", "HC1", "HC2", "HC3")) {
    est(id, paste0("lm_robust ", se), lm_robust(y ~ z + x1 + x2 + f, t, se_type = se), both)
    est(id, paste0("lm_robust ", se, " weights"),
        lm_robust(y ~ z + x1 + x2 + f, k, weights = w, se_type = se), both)
    est(id, paste0("lm_robust ", se, " fixed_effects"),
        lm_robust(y ~ z + x1, t, fixed_effects = ~b, se_type = se), both)
    est(id, paste0("lin ", se), lm_lin(y ~ z, ~x1, t, se_type = se), c(z = "z"))
    est(id, paste0("iv ", se), iv_robust(y ~ d + x1 | z + x1, t, se_type = se),
        c(d = "z", x1 = "x1"))
  }
  for (se in c("CR0", "stata", "CR2")) {
    est(id, paste0("lm_robust ", se, " clusters"),
        lm_robust(y ~ z + x1 + x2 + f, t, clusters = cl, se_type = se), both)
    est(id, paste0("lin ", se, " clusters"), lm_lin(y ~ z, ~x1, t, clusters = cl, se_type = se),
        c(z = "z"))
    est(id, paste0("iv ", se, " clusters"),
        iv_robust(y ~ d + x1 | z + x1, t, clusters = cl, se_type = se), c(d = "z"))
  }
  plain <- lm(y ~ z + x1 + x2 + f, t); weighted <- lm(y ~ z + x1 + x2 + f, k, weights = w)
  levels <- lm(y ~ z + x1 + b, t)
  for (se in c("CR1", "CR2", "CR3")) {
    club(id, paste0("lm_robust ", se, " clusters"), plain, t$cl, se)
    club(id, paste0("lm_robust ", se, " weights clusters"), weighted, k$cl, se)
    club(id, paste0("lm_robust ", se, " fixed_effects clusters"), levels, t$cl, se)
  }
  dim <- function(case, fit) est(id, paste0("difference_in_means", case), fit, c(z = "z"))
  dim("", difference_in_means(y ~ z, t))
  dim(" clusters", difference_in_means(y ~ z, t, clusters = cl))
  # One row a cluster for what has no clusters.
  one <- t[!duplicated(t$cl), ]
  large <- min(table(one$block)) > 2
  if (large) dim(" blocks one", difference_in_means(y ~ z, one, blocks = block))
  ht <- function(case, fit) est(id, paste0("horvitz_thompson ", case), fit, c(z = "z"))
  one$p <- ave(one$z, one$block); one$q <- mean(one$z); t$q <- ave(one$z)[1]
  ht("one", horvitz_thompson(y ~ z, one, condition_prs = q, simple = FALSE))
  # In a block of two no pair of an arm can be seen: estimatr leaves the term out, ours is bounded.
  if (large) ht("blocks one", horvitz_thompson(y ~ z, one, blocks = block, condition_prs = p, simple = FALSE))
  ht("bernoulli one", horvitz_thompson(y ~ z, one, condition_prs = q, simple = TRUE))
  ht("clusters", horvitz_thompson(y ~ z, t, clusters = cl, condition_prs = q, simple = FALSE))
}
values <- do.call(rbind, rows)
for (field in c("estimate", "std_error", "df", "p_value", "conf_low", "conf_high"))
  values[[field]] <- sprintf("%.13g", values[[field]])
write.csv(values, "linear_values.csv", row.names = FALSE, quote = FALSE)
