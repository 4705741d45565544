using Chard.Domain.Tasks;

namespace Chard.Domain.Tests.Tasks;

public sealed class TaskPolicySettingsTests
{
    [Fact]
    public void Apply_EveryMember_IsTakenFromSettings()
    {
        var faults = new List<string>();

        TaskPolicy policy = TaskPolicySettings.Apply(
            TaskPolicy.Default, "Echo",
            new Dictionary<string, string?>
            {
                ["attempts"] = "3", ["FirstDelaySeconds"] = "0.5", ["Backoff"] = "1.5", ["MaxDelaySeconds"] = "9", ["Jitter"] = "0",
                ["RetryTimeoutSeconds"] = "100",
                ["TimeLimitSeconds"] = "", ["MaxRateLimitWaits"] = "7", ["Route"] = "slow", ["Ledger"] = "false", ["OnExhausted"] = "park",
                ["InDoubt"] = "Park",
            },
            faults);

        Assert.Empty(faults);
        Assert.Equal(
            new TaskPolicy
            {
                Attempts = 3, FirstDelaySeconds = 0.5, Backoff = 1.5, MaxDelaySeconds = 9, Jitter = 0, RetryTimeoutSeconds = 100,
                TimeLimitSeconds = null, MaxRateLimitWaits = 7, Route = TaskRoute.Slow, Ledger = false, OnExhausted = OnExhausted.Park,
                InDoubt = InDoubt.Park,
            },
            policy);
        Assert.Equal(new TaskPolicy(), TaskPolicy.Default);
    }

    [Theory]
    [InlineData("Attempts", "0", "Chard:Tasks:Echo:Attempts is '0'; it must be 1 to 100.")]
    [InlineData("Attempts", "101", "Chard:Tasks:Echo:Attempts is '101'; it must be 1 to 100.")]
    [InlineData("Attempts", "many", "Chard:Tasks:Echo:Attempts is 'many'; it must be a whole number.")]
    [InlineData("Attempts", "", "Chard:Tasks:Echo:Attempts is ''; it must be a whole number.")]
    [InlineData("FirstDelaySeconds", "0", "Chard:Tasks:Echo:FirstDelaySeconds is '0'; it must be over 0, up to 86400.")]
    [InlineData(
        "FirstDelaySeconds", "NaN", "Chard:Tasks:Echo:FirstDelaySeconds is 'NaN'; it must be a number, with '.' as the decimal point.")]
    [InlineData(
        "FirstDelaySeconds", "1,5", "Chard:Tasks:Echo:FirstDelaySeconds is '1,5'; it must be a number, with '.' as the decimal point.")]
    [InlineData("Backoff", "0.9", "Chard:Tasks:Echo:Backoff is '0.9'; it must be 1 to 10.")]
    [InlineData("MaxDelaySeconds", "604801", "Chard:Tasks:Echo:MaxDelaySeconds is '604801'; it must be over 0, up to 604800.")]
    [InlineData(
        "MaxDelaySeconds", "59", "Chard:Tasks:Echo:MaxDelaySeconds is '59'; it must be no less than FirstDelaySeconds, which is 60.")]
    [InlineData("Jitter", "1.01", "Chard:Tasks:Echo:Jitter is '1.01'; it must be 0 to 1.")]
    [InlineData("RetryTimeoutSeconds", "-1", "Chard:Tasks:Echo:RetryTimeoutSeconds is '-1'; it must be over 0, up to 31536000.")]
    [InlineData("TimeLimitSeconds", "0", "Chard:Tasks:Echo:TimeLimitSeconds is '0'; it must be over 0, up to 604800.")]
    [InlineData("MaxRateLimitWaits", "10001", "Chard:Tasks:Echo:MaxRateLimitWaits is '10001'; it must be 0 to 10000.")]
    [InlineData("Ledger", "yes", "Chard:Tasks:Echo:Ledger is 'yes'; it must be true or false.")]
    [InlineData("Route", "1", "Chard:Tasks:Echo:Route is '1'; it must be one of fast, slow.")]
    [InlineData("OnExhausted", "ignore", "Chard:Tasks:Echo:OnExhausted is 'ignore'; it must be one of fail, park, skip.")]
    [InlineData(
        "Attemps", "3",
        "Chard:Tasks:Echo:Attemps is no setting of a task. There are: Attempts, FirstDelaySeconds, Backoff, MaxDelaySeconds, Jitter, "
            + "RetryTimeoutSeconds, TimeLimitSeconds, MaxRateLimitWaits, Route, Limit, Ledger, Pure, Pack, PackSeconds, "
            + "OnExhausted, InDoubt.")]
    public void Apply_WrongSetting_SaysKeyValueAndBound(string member, string value, string message)
    {
        var faults = new List<string>();

        TaskPolicySettings.Apply(TaskPolicy.Default, "Echo", [new(member, value)], faults);

        Assert.Equal([message], faults);
    }

    [Fact]
    public void Apply_RetryOptions_KeepsDelaysInOrder()
    {
        Assert.Equal((7200, 7200), Delays(new RetryOptions(FirstDelaySeconds: 7200)));
        Assert.Equal((5, 5), Delays(new RetryOptions(MaxDelaySeconds: 5)));
        Assert.Equal((1, 3600), Delays(new RetryOptions(FirstDelaySeconds: 1)));

        static (double, double) Delays(RetryOptions options)
        {
            TaskPolicy policy = options.Apply(TaskPolicy.Default);
            return (policy.FirstDelaySeconds, policy.MaxDelaySeconds);
        }
    }
}
