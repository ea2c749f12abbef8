# The numbers of models.json: `Rscript models.R > models.json`, with R 4.2 and, of Debian's packages,
# sandwich, coin, exactRankTests, survival, geepack, mice, nnet, ordinal, lme4, lmerTest, numDeriv.

suppressPackageStartupMessages({ library(coin); library(exactRankTests); library(sandwich); library(survival) })

out <- list()
add <- function(id, ...) out[[id]] <<- list(...)

# Binary outcomes ---------------------------------------------------------------------------------
malaria <- read.csv("malaria20.csv")
nsw <- read.csv("nsw.csv")
resp <- read.csv("respiratory.csv")
visit4 <- resp[resp$visit == 4, ]

exact <- function(t) {
  f <- fisher.test(t)
  list(estimate = unname(f$estimate), conf_low = f$conf.int[1], conf_high = f$conf.int[2], p = f$p.value)
}
# Rows: treated, control; columns: event, none.
two <- function(y, z) table(factor(z, c(1, 0)), factor(y, c(1, 0)))
add("fisher-malaria", fisher = exact(two(malaria$y, malaria$z)))
add("fisher-nsw", fisher = exact(two(nsw$emp78, nsw$treat)))
odds <- function(t) {
  log <- log(t[1, 1] * t[2, 2] / t[1, 2] / t[2, 1])
  se <- sqrt(sum(1 / t))
  list(estimate = exp(log), std_error = se, conf_low = exp(log - qnorm(.975) * se), conf_high = exp(log + qnorm(.975) * se))
}
add("or-nsw", or = odds(two(nsw$emp78, nsw$treat)))
wilson <- function(x, n) { p <- suppressWarnings(prop.test(x, n, correct = FALSE)); list(estimate = unname(p$estimate), conf_low = p$conf.int[1], conf_high = p$conf.int[2]) }
add("wilson", treated = wilson(5, 14), none = wilson(0, 14))

# Koopman's interval by brute force: the likelihood under p1 = phi p0 is maximised numerically.
koopman <- function(x1, n1, x0, n0) {
  z <- function(log.phi) {
    phi <- exp(log.phi)
    ll <- function(p) dbinom(x1, n1, min(phi * p, 1), log = TRUE) + dbinom(x0, n0, p, log = TRUE)
    p0 <- optimize(ll, c(1e-12, min(1, 1 / phi) - 1e-12), maximum = TRUE, tol = 1e-14)$maximum
    p1 <- phi * p0
    (x1 / n1 - phi * x0 / n0) / sqrt(p1 * (1 - p1) / n1 + phi^2 * p0 * (1 - p0) / n0)
  }
  end <- function(limit) tryCatch(exp(uniroot(function(l) z(l) - limit, c(-6, 6), tol = 1e-12)$root), error = function(e) NA)
  list(conf_low = end(qnorm(.975)), conf_high = end(-qnorm(.975)))
}
add("koopman", none_treated = koopman(0, 14, 4, 9)["conf_high"], none_control = koopman(6, 14, 0, 9)["conf_low"])

t <- table(factor(visit4$z, c(1, 0)), factor(visit4$outcome, c(1, 0)), visit4$center)
mh <- mantelhaen.test(t, correct = FALSE)
ex <- mantelhaen.test(t, exact = TRUE)
add("cmh-respiratory",
  or = list(estimate = unname(mh$estimate), conf_low = mh$conf.int[1], conf_high = mh$conf.int[2]),
  exact = list(estimate = unname(ex$estimate), conf_low = ex$conf.int[1], conf_high = ex$conf.int[2], p = ex$p.value))

# Logit, all visits, clustered on the patient --------------------------------------------------------
precise <- glm.control(epsilon = 1e-14, maxit = 100)
fit <- glm(outcome ~ baseline + age + factor(center) + z, binomial, resp, control = precise)
ame <- function(fit, v) {
  x <- model.matrix(fit); b <- coef(fit)
  x1 <- x; x1[, "z"] <- 1; x0 <- x; x0[, "z"] <- 0
  p1 <- plogis(drop(x1 %*% b)); p0 <- plogis(drop(x0 %*% b))
  g <- colMeans(p1 * (1 - p1) * x1 - p0 * (1 - p0) * x0)
  list(estimate = mean(p1 - p0), std_error = sqrt(drop(t(g) %*% v %*% g)))
}
coefficient <- function(fit, v, name) list(estimate = unname(coef(fit)[name]), std_error = unname(sqrt(v[name, name])))
# glm's own variance has the weights of the step before the last; these are those of the last.
information <- function(fit) { x <- model.matrix(fit); p <- plogis(drop(x %*% coef(fit))); solve(crossprod(x, p * (1 - p) * x)) }
last <- glm(outcome ~ z + baseline + factor(center), binomial, visit4, control = precise)
add("logit-visit4", ame = ame(last, information(last)), coefficient = coefficient(last, information(last), "z"))
v <- vcovCL(fit, cluster = ~uid, type = "HC0", cadj = TRUE)
add("logit-cluster", ame = ame(fit, v), coefficient = coefficient(fit, v, "z"), age = coefficient(fit, v, "age"),
  constant = coefficient(fit, v, "(Intercept)"))
v <- sandwich(fit)
add("logit-hc", ame = ame(fit, v), coefficient = coefficient(fit, v, "z"))

# Ranks -----------------------------------------------------------------------------------------------
maize <- read.csv("zea_mays.csv")
a <- c(4.2, 7.9, 1.3, 10.6, 5.5, 8.8); b <- c(2.1, 3.7, 9.4, 0.6, 1.9, 2.8, 6.1)
w <- wilcox.test(a, b, conf.int = TRUE)
add("wilcoxon-untied", effect = list(estimate = unname(w$estimate), conf_low = w$conf.int[1], conf_high = w$conf.int[2], p = w$p.value),
  W_control = unname(wilcox.test(b, a)$statistic))
tied <- data.frame(
  y = c(3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4),
  z = c(1, 0, 1, 0, 0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 0, 1, 1),
  block = c(1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3))
# Whole scores, since coin counts those alone: 144 is twice the least common multiple of 6, 8 and 9.
tied$score <- round(144 * ave(tied$y, tied$block, FUN = function(y) rank(y) / (length(y) + 1)))
vanelteren <- function(distribution)
  independence_test(score ~ factor(z) | factor(block), tied, distribution = distribution, teststat = "scalar")
add("wilcoxon-blocks", p_exact = as.numeric(pvalue(vanelteren("exact"))), p_normal = as.numeric(pvalue(vanelteren("asymptotic"))))
all <- wilcox_test(y ~ factor(z), tied, distribution = "exact")
add("wilcoxon-tied", p_exact = as.numeric(pvalue(all)))
s <- wilcox.exact(maize$diff, conf.int = TRUE)
add("signed-maize", effect = list(estimate = unname(s$estimate), conf_low = s$conf.int[1], conf_high = s$conf.int[2], p = s$p.value))
d <- c(2, -1, 0, 3, 3, -2, 5, 0, 1, 4, -3, 6)
sign <- data.frame(a = d, b = 0)
add("signed-tied", V = unname(wilcox.exact(d)$statistic), p_exact = wilcox.exact(d)$p.value,
  coin = as.numeric(pvalue(wilcoxsign_test(a ~ b, sign, zero.method = "Wilcoxon", distribution = "exact"))),
  sign = binom.test(sum(d > 0), sum(d != 0))$p.value)

# Quantiles with Woodruff's standard error ---------------------------------------------------------------
woodruff <- function(x, p) {
  h <- qnorm(.975) * sqrt(p * (1 - p) / length(x))
  unname(diff(quantile(x, c(p - h, p + h)))) / (2 * qnorm(.975))
}
q <- function(p) sqrt(woodruff(nsw$re78[nsw$treat == 1], p)^2 + woodruff(nsw$re78[nsw$treat == 0], p)^2)
add("quantiles-nsw", q50 = q(.5), q75 = q(.75), q90 = q(.9))

# Two one-sided tests --------------------------------------------------------------------------------------
one <- function(margin, side) t.test(re78 ~ factor(treat, c(1, 0)), nsw, mu = margin, alternative = side)
ci <- t.test(re78 ~ factor(treat, c(1, 0)), nsw, conf.level = .9)$conf.int
add("equivalence-nsw", lower = one(-3000, "greater")$p.value, upper = one(3000, "less")$p.value, conf_low = ci[1], conf_high = ci[2])

# Survival ----------------------------------------------------------------------------------------------
vet <- read.csv("veteran.csv")
vet$site <- seq_len(nrow(vet)) %% 23
sv <- function(type) summary(survfit(Surv(time, status) ~ 1, vet[vet$z == 1, ], conf.type = type), times = 100)
add("km-types", loglog = list(estimate = sv("log-log")$surv, conf_low = sv("log-log")$lower, conf_high = sv("log-log")$upper),
  plain = list(estimate = sv("plain")$surv, conf_low = sv("plain")$lower, conf_high = sv("plain")$upper))
lr <- survdiff(Surv(time, status) ~ z + strata(celltype), vet)
add("logrank-strata", chisq = list(statistic = lr$chisq, p = pchisq(lr$chisq, 1, lower.tail = FALSE)), expected = sum(lr$exp[2, ]))
tight <- coxph.control(eps = 1e-14, toler.chol = 1e-14, iter.max = 50)
zph <- function(fit, term) { it <- cox.zph(fit, transform = "km", global = FALSE)$table; list(statistic = it[term, 1], p = it[term, 3]) }
cx <- function(fit) list(estimate = unname(coef(fit)["z"]), std_error = sqrt(fit$var[match("z", names(coef(fit))), match("z", names(coef(fit)))]))
fit <- coxph(Surv(time, status) ~ karno + age + prior + z, vet, ties = "efron", control = tight)
add("cox-ph", treatment = zph(fit, "z"))
add("cox-karno", coefficient = list(estimate = unname(coef(fit)["karno"]), std_error = sqrt(fit$var[1, 1])))
fit <- coxph(Surv(time, status) ~ karno + z + strata(celltype), vet, ties = "efron", control = tight)
add("cox-ph-strata", treatment = zph(fit, "z"))
fit <- coxph(Surv(time, status) ~ karno + z, vet, ties = "efron", robust = TRUE, control = tight)
add("cox-hc-efron", treatment = cx(fit))
fit <- coxph(Surv(time, status) ~ karno + z, vet, ties = "breslow", cluster = site, control = tight)
add("cox-cluster-breslow", treatment = cx(fit), ph = zph(fit, "z"))
rm <- survfit(Surv(time, status) ~ z, vet)
means <- summary(rm, rmean = 365)$table
m <- means[, grep("rmean$", colnames(means))]; s <- means[, grep("se\\(rmean\\)", colnames(means))]
add("rmst-ratio", ratio = list(estimate = unname(m[2] / m[1]), std_error = sqrt(sum((s / m)^2))))

# Attrition -------------------------------------------------------------------------------------------
# Missing outcomes as low as they can be among the treated, as high among the controls, and mirrored.
star <- subset(read.csv("alo_star.csv"), control == 1 | sfsp == 1)
fill <- function(z, value) { y <- star$GPA_year1[star$sfsp == z]; ifelse(is.na(y), value, y) }
worst <- function(a, b) { t <- t.test(fill(1, a), fill(0, b)); list(estimate = unname(diff(rev(t$estimate))), std_error = t$stderr) }
add("manski-star", lower = worst(0, 4), upper = worst(4, 0))

# Repeated measurements -------------------------------------------------------------------------------
suppressPackageStartupMessages({ library(geepack); library(mice); library(nnet) })
tight <- geese.control(epsilon = 1e-13, maxit = 500)
gee <- function(formula, family, corstr) {
  fit <- geeglm(formula, id = uid, data = resp, family = family, corstr = corstr, control = tight)
  s <- summary(fit)$coefficients
  list(estimate = s["z", 1], std_error = s["z", 2])
}
add("gee-gaussian", exchangeable = gee(outcome ~ z + baseline + age, gaussian, "exchangeable"),
  poisson = gee(outcome ~ z + baseline + age, poisson, "independence"))
# Mancl and DeRouen's correction by its definition: residuals times the inverse of I - H of a patient.
md <- function(fit, alpha) {
  x <- model.matrix(fit); mu <- fitted(fit); v <- mu * (1 - mu); h <- 0; parts <- list()
  for (i in unique(resp$uid)) {
    at <- resp$uid == i; n <- sum(at); r <- diag(1 - alpha, n) + alpha
    d <- v[at] * x[at, , drop = FALSE]; w <- diag(sqrt(v[at])) %*% r %*% diag(sqrt(v[at]))
    h <- h + t(d) %*% solve(w) %*% d; parts[[length(parts) + 1]] <- list(d = d, w = w, e = (resp$outcome - mu)[at])
  }
  m <- solve(h); b <- 0
  for (p in parts) {
    u <- t(p$d) %*% solve(p$w) %*% solve(diag(length(p$e)) - p$d %*% m %*% t(p$d) %*% solve(p$w)) %*% p$e
    b <- b + u %*% t(u)
  }
  v <- m %*% b %*% m
  list(std_error = sqrt(v["z", "z"]))
}
fit <- geeglm(outcome ~ z + baseline + age + factor(center) + factor(visit), id = uid, data = resp, family = binomial,
  corstr = "exchangeable", control = tight)
add("gee-corrected", treatment = md(fit, fit$geese$alpha))

# Categories: cell type in the arms of the veterans, and a made-up small trial.
tab <- table(vet$celltype, factor(vet$z, c(1, 0)))
chi <- chisq.test(tab, correct = FALSE)
mn <- multinom(celltype ~ karno + z, vet, trace = FALSE, reltol = 1e-16, maxit = 2000, abstol = 0)
mn0 <- multinom(celltype ~ karno, vet, trace = FALSE, reltol = 1e-16, maxit = 2000, abstol = 0)
lr <- deviance(mn0) - deviance(mn)
sm <- summary(mn)
add("category-veteran", joint = list(statistic = unname(chi$statistic), p = chi$p.value, df = unname(chi$parameter)),
  small = list(estimate = sm$coefficients["smallcell", "z"], std_error = sm$standard.errors["smallcell", "z"]),
  logit = list(statistic = lr, p = pchisq(lr, 3, lower.tail = FALSE)))
few <- matrix(c(5, 1, 2, 0, 1, 4, 3, 2), 4)
add("category-small", p = fisher.test(few)$p.value)
by <- table(vet$celltype, vet$z, vet$prior)
gmh <- mantelhaen.test(by)
add("category-blocks", statistic = unname(gmh$statistic), p = gmh$p.value)

# Multiple imputation: three made-up imputations of the missing outcomes of nsw. They differ enough: below a
# share of 1e-4 between imputations this mice takes 1e-4, and the exact rule does not.
filled <- lapply(1:3, function(i) { d <- nsw; gone <- seq_len(nrow(d)) %% 5 == 0; d$re78[gone] <- (d$re78 * (1 + 0.3 * i * d$treat) + 500 * i)[gone]; d })
fits <- lapply(filled, function(d) lm(re78 ~ treat + age, d))
q <- sapply(fits, function(f) coef(f)["treat"]); u <- sapply(fits, function(f) vcov(f)["treat", "treat"])
p <- pool.scalar(q, u, n = nrow(nsw), k = 3)
t <- p$qbar / sqrt(p$t)
add("imputation-nsw", effect = list(estimate = p$qbar, std_error = sqrt(p$t), df = p$df, p = 2 * pt(-abs(t), p$df)),
  within = p$ubar, between = p$b, fmi = p$fmi)

suppressPackageStartupMessages({ library(ordinal); library(lmerTest) })
# Ordered outcomes: status 0 to 4, the number of good visits of each patient -------------------------
one <- resp[resp$visit == 1, ]
one$good <- as.vector(tapply(resp$outcome, resp$uid, sum)[as.character(one$uid)])
fit <- clm(factor(good) ~ baseline + age + z, data = one, control = clm.control(gradTol = 1e-12, maxIter = 200L))
s <- summary(fit)$coefficients
row <- function(name) list(estimate = s[name, 1], std_error = s[name, 2], p = s[name, 4])
share <- function(level) {
  effect <- function(b) {
    theta <- c(-Inf, b[1:4], Inf); slope <- b[5:7]
    p <- function(z) { eta <- as.matrix(cbind(one$baseline, one$age, z)) %*% slope; plogis(theta[level + 2] - eta) - plogis(theta[level + 1] - eta) }
    mean(p(1) - p(0))
  }
  g <- numDeriv::grad(effect, coef(fit))
  list(estimate = effect(coef(fit)), std_error = sqrt(drop(g %*% vcov(fit) %*% g)))
}
add("ordered-respiratory", effect = row("z"), age = row("age"), cut = row("0|1"), loglik = as.numeric(logLik(fit)),
  share0 = share(0), share2 = share(2), share4 = share(4))
# The sandwich by its definition, from numerical scores of every row.
scores <- t(sapply(seq_len(nrow(one)), function(i) numDeriv::grad(function(b) {
  theta <- c(-Inf, b[1:4], Inf); eta <- sum(c(one$baseline[i], one$age[i], one$z[i]) * b[5:7])
  log(plogis(theta[one$good[i] + 2] - eta) - plogis(theta[one$good[i] + 1] - eta))
}, coef(fit))))
v <- vcov(fit) %*% crossprod(scores) %*% vcov(fit)
add("ordered-hc", effect = list(estimate = unname(coef(fit)["z"]), std_error = unname(sqrt(v["z", "z"]))))

# Random intercepts -----------------------------------------------------------------------------------
tight.mixed <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10, maxfun = 1e5))
mixed <- function(formula, data) {
  fit <- lmer(formula, data, REML = TRUE, control = tight.mixed)
  s <- summary(fit, ddf = "Satterthwaite")$coefficients
  v <- as.data.frame(VarCorr(fit))
  list(fixed = s, variances = setNames(v$vcov, v$grp))
}
term <- function(it, name) list(estimate = it$fixed[name, 1], std_error = it$fixed[name, 2], df = it$fixed[name, 3], p = it$fixed[name, 5])
school <- subset(read.csv("achievement_awards_2001.csv"), girl == 1)
it <- mixed(Bagrut_status ~ lagscore + treated + (1 | school_id), school)
add("mixed-school", effect = term(it, "treated"), lagscore = term(it, "lagscore"), constant = term(it, "(Intercept)"),
  var = it$variances[["school_id"]], residual = it$variances[["Residual"]])
it <- mixed(outcome ~ baseline + age + z + (1 | center) + (1 | uid), resp)
add("mixed-nested", effect = term(it, "z"), age = term(it, "age"), center = it$variances[["center"]], uid = it$variances[["uid"]],
  residual = it$variances[["Residual"]])
# Crossed: patients and visits.
it <- mixed(outcome ~ baseline + z + (1 | visit) + (1 | uid), resp)
add("mixed-crossed", effect = term(it, "z"), visit = it$variances[["visit"]], uid = it$variances[["uid"]], residual = it$variances[["Residual"]])

# Competing exits: death by cell type of the veterans is the event, death of large cells the other exit -----
vet$cause <- ifelse(vet$status == 0, 0, ifelse(vet$celltype == "large", 2, 1))
cuts <- c(30, 100, 200, 365)
fit <- survfit(Surv(time, factor(cause, 0:2, c("none", "event", "other"))) ~ z, vet)
s <- summary(fit, times = cuts)
arm <- function(z) { at <- s$strata == paste0("z=", z); list(event = s$pstate[at, 2], se = s$std.err[at, 2], other = s$pstate[at, 3], other_se = s$std.err[at, 3]) }
add("incidence-veteran", control = arm(0), treated = arm(1))
# Snapshots -------------------------------------------------------------------------------------------
# Months to cosmetic deterioration after radiotherapy (Finkelstein and Wolfe 1985; MLEcens, cosmesis), (low, high].
low <- c(45, 6, 0, 46, 46, 7, 17, 7, 37, 0, 4, 15, 11, 22, 46, 46, 25, 46, 26, 46, 27, 36, 46, 36, 37, 40, 17, 46, 11, 38, 5, 37, 0, 18,
  24, 36, 5, 19, 17, 24, 32, 33, 19, 37, 34, 36)
high <- c(Inf, 10, 7, Inf, Inf, 16, Inf, 14, 44, 8, 11, Inf, 15, Inf, Inf, Inf, 37, Inf, 40, Inf, 34, 44, Inf, 48, Inf, Inf, 25, Inf, 18,
  Inf, 12, Inf, 5, Inf, Inf, Inf, 11, 35, 25, Inf, Inf, Inf, 26, Inf, Inf, Inf)
# Self-consistency on every pair of a low and a later high, for as long as it takes.
cells <- merge(data.frame(q = unique(low)), data.frame(p = unique(high)))
cells <- cells[cells$q < cells$p & !mapply(function(q, p) any(c(low, high) > q & c(low, high) < p), cells$q, cells$p), ]
cells <- cells[order(cells$q), ]
inside <- outer(low, cells$q, "<=") & outer(high, cells$p, ">=")
mass <- rep(1 / nrow(cells), nrow(cells))
for (i in 1:100000) mass <- mass * colMeans(inside / drop(inside %*% mass))
left <- function(t) sum(mass[cells$p > t])
keep <- which(mass > 1e-8); m <- length(keep)
d <- inside[, keep[-m]] - inside[, keep[m]]
v <- solve(crossprod(d / drop(inside %*% mass)))
w <- (cells$p[keep] <= 25)[-m]
add("turnbull-radiotherapy", survival = sapply(c(5, 10, 25, 40), left), masses = mass[keep], std_error = sqrt(drop(w %*% v %*% w)))

# Veterans looked at on day 30, 60, 100, 200, 365: the first look after the event, and the last before.
looks <- c(0, 30, 60, 100, 200, 365)
vet$low <- ifelse(vet$status == 1, looks[findInterval(vet$time, looks, left.open = TRUE)], looks[findInterval(vet$time, looks)])
vet$high <- ifelse(vet$status == 1 & vet$time <= 365, looks[pmin(findInterval(vet$time, looks, left.open = TRUE) + 1, 6)], Inf)
periods <- do.call(rbind, lapply(seq_len(nrow(vet)), function(i) {
  at <- looks[-1][looks[-1] <= ifelse(is.finite(vet$high[i]), vet$high[i], vet$low[i])]
  if (length(at)) data.frame(at, y = as.numeric(at == vet$high[i]), z = vet$z[i], karno = vet$karno[i])
}))
fit <- glm(y ~ 0 + factor(at) + z + karno, binomial("cloglog"), periods, control = precise)
# Its steps are those of the expected information, and end where the deviance no longer tells: a few more.
for (i in 1:20) fit <- glm(y ~ 0 + factor(at) + z + karno, binomial("cloglog"), periods, control = precise, start = coef(fit))
# glm has the expected information; this is the observed one.
hazards <- function(low, high) function(b) {
  k <- length(b) - 2; times <- looks[1 + seq_len(k)]
  s <- function(t) { cum <- sapply(t, function(t) sum(exp(b[seq_len(k)])[times <= t])); exp(-cum * exp(b[k + 1] * vet$z + b[k + 2] * vet$karno)) }
  -sum(log(s(low) - ifelse(is.finite(high), s(high), 0)))
}
newton <- function(f, b) { for (i in 1:25) b <- b - drop(solve(numDeriv::hessian(f, b), numDeriv::grad(f, b))); b }
told <- function(f, b) {
  k <- length(b) - 1; v <- solve(numDeriv::hessian(f, b))
  list(estimate = unname(b[k]), std_error = sqrt(v[k, k]))
}
f <- hazards(vet$low, vet$high)
add("snapshots-veteran", glm = list(estimate = unname(coef(fit)["z"])), karno = list(estimate = unname(coef(fit)["karno"])),
  observed = told(f, unname(coef(fit))), loglik = -f(unname(coef(fit))))
# The same with looks that were missed: every third row's on day 60 and every fifth's on day 200.
missed <- function(t, up) {
  by3 <- seq_len(nrow(vet)) %% 3 == 0 & t == 60; by5 <- seq_len(nrow(vet)) %% 5 == 0 & t == 200
  ifelse(by3, if (up) 100 else 30, ifelse(by5, if (up) 365 else 100, t))
}
f <- hazards(missed(vet$low, FALSE), missed(vet$high, TRUE))
b <- newton(f, unname(coef(fit)))
add("snapshots-missed", effect = told(f, b), loglik = -f(b))

# Intra-cluster correlation by analysis of variance -----------------------------------------------------
intraclass <- function(d, y, arm, cluster) {
  ms <- summary(aov(d[[y]] ~ factor(d[[arm]]) + factor(d[[cluster]])))[[1]][["Mean Sq"]]
  n <- nrow(d); sizes <- table(d[[cluster]]); arms <- tapply(d[[arm]], d[[cluster]], mean)
  g <- length(sizes); whole <- ifelse(arms > 0, sum(d[[arm]]), n - sum(d[[arm]]))
  m0 <- (n - sum(sizes^2 / whole)) / (g - 2)
  f <- ms[2] / ms[3]
  of <- function(f) (f - 1) / (f + m0 - 1)
  list(estimate = of(f), conf_low = of(f / qf(.975, g - 2, n - g)), conf_high = of(f / qf(.025, g - 2, n - g)))
}
awards <- read.csv("achievement_awards_2001.csv")
add("intraclass-awards", effect = intraclass(awards, "Bagrut_status", "treated", "school_id"))


# JSON ---------------------------------------------------------------------------------------------------
json <- function(x) {
  if (is.list(x)) return(paste0("{", paste0("\"", names(x), "\": ", vapply(x, json, ""), collapse = ", "), "}"))
  if (is.null(x)) return("null")
  one <- function(v) if (is.na(v)) "null" else if (is.infinite(v)) "\"inf\"" else sprintf("%.14g", v)
  if (length(x) == 1) one(x) else paste0("[", paste(vapply(x, one, ""), collapse = ", "), "]")
}
cat("{\n", paste0("  \"", names(out), "\": ", vapply(out, json, ""), collapse = ",\n"), "\n}\n", sep = "")
