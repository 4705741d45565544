using Chard.Domain.Limits;

namespace Chard.Domain.Tests.Limits;

public sealed class LimitCatalogueTests
{
    [Fact]
    public void Create_Settings_AreTheLimits()
    {
        LimitCatalogue limits = Create("database", ("Concurrency", "8"), "mail.out-1_A", ("persecond", "0.5"), ("Burst", "3"));

        Assert.Equal([new LimitRule("database", 8), new LimitRule("mail.out-1_A", null, 0.5, 3)], limits.All);
        Assert.True(limits.TryGet("DataBase", out LimitRule? rule));
        Assert.Equal(8, rule.Concurrency);
        Assert.Equal(TimeSpan.FromSeconds(2), limits.All.Last().Interval);
    }

    [Theory]
    [InlineData("Concurrency", "0", "Chard:Limits:database:Concurrency is '0'; it must be a whole number, 1 to 10000.")]
    [InlineData("Concurrency", "10001", "Chard:Limits:database:Concurrency is '10001'; it must be a whole number, 1 to 10000.")]
    [InlineData("Concurrency", "2.5", "Chard:Limits:database:Concurrency is '2.5'; it must be a whole number, 1 to 10000.")]
    [InlineData("Concurrency", "", "Chard:Limits:database:Concurrency is ''; it must be a whole number, 1 to 10000.")]
    [InlineData("PerSecond", "0.0001", "Chard:Limits:database:PerSecond is '0.0001'; it must be a number, 0.001 to 10000.")]
    [InlineData("PerSecond", "many", "Chard:Limits:database:PerSecond is 'many'; it must be a number, 0.001 to 10000.")]
    [InlineData("Max", "3", "Chard:Limits:database:Max is no setting of a limit. There are: Concurrency, PerSecond, Burst.")]
    public void Create_WrongSetting_SaysKeyValueAndWhatItMayBe(string member, string value, string fault)
    {
        var refused = Assert.Throws<LimitCatalogueException>(() => Create("database", (member, value)));

        Assert.Contains(fault, refused.Faults);
        Assert.Contains(fault, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_SeveralFaults_SaysAllAtOnce()
    {
        var refused = Assert.Throws<LimitCatalogueException>(
            () => Create("data base", ("Concurrency", "1"), "idle", "late", ("Concurrency", "1"), ("Burst", "2")));

        Assert.Equal(
            [
                "Chard:Limits:data base is no key of a limit; it must be 1 to 64 of A-Z a-z 0-9 . _ -.",
                "Chard:Limits:idle limits nothing: set Chard:Limits:idle:Concurrency or Chard:Limits:idle:PerSecond.",
                "Chard:Limits:late:Burst is '2', and there is no rate that it belongs to: set Chard:Limits:late:PerSecond, or take it out.",
            ],
            refused.Faults);
    }

    [Fact]
    public void Create_WhatTasksSay_IsTheLimitWhereSettingsDoNot()
    {
        LimitCatalogue limits = LimitCatalogue.Create(
            Settings("CRM", ("PerSecond", "2")),
            new TaskLimitAttribute("crm") { PerSecond = 10, Burst = 5 },
            new TaskLimitAttribute("crm"),
            new TaskLimitAttribute("crm") { PerSecond = 10, Burst = 5 },
            new TaskLimitAttribute("database") { Concurrency = 4 });

        Assert.Equal([new LimitRule("CRM", null, 2, 5), new LimitRule("database", 4)], limits.All);
    }

    /// <summary>What a task says is judged together with the settings, and not before them.</summary>
    [Fact]
    public void Create_HalfByATaskAndHalfBySettings_IsOneLimit() => Assert.Equal(
        [new LimitRule("crm", null, 2, 5)],
        LimitCatalogue.Create(Settings("crm", ("PerSecond", "2")), new TaskLimitAttribute("CRM") { Burst = 5 }).All);

    [Fact]
    public void Create_TasksThatOnlyNameALimit_DefineNone() =>
        Assert.Empty(LimitCatalogue.Create(Settings(), new TaskLimitAttribute("crm")).All);

    [Fact]
    public void Create_TasksThatDisagreeOrSayWhatCannotBe_SaysSo()
    {
        var refused = Assert.Throws<LimitCatalogueException>(() => LimitCatalogue.Create(
            Settings(),
            new TaskLimitAttribute("crm") { PerSecond = 10 },
            new TaskLimitAttribute("crm") { PerSecond = 11 },
            new TaskLimitAttribute("mail") { Concurrency = -1 }));

        Assert.Equal(
            [
                "Two tasks say different things of limit 'crm' ([TaskLimit(\"crm\", …)]). Let one of them say it, and the others name its "
                    + "key.",
                "[TaskLimit(\"mail\")]:Concurrency is '-1'; it must be a whole number, 1 to 10000.",
            ],
            refused.Faults);
    }

    /// <summary>Keys, each followed by its settings.</summary>
    private static LimitCatalogue Create(params object[] settings) => LimitCatalogue.Create(Settings(settings));

    private static Dictionary<string, IReadOnlyList<KeyValuePair<string, string?>>> Settings(params object[] settings)
    {
        var limits = new Dictionary<string, IReadOnlyList<KeyValuePair<string, string?>>>();
        List<KeyValuePair<string, string?>> members = [];
        foreach (object part in settings)
        {
            if (part is (string member, string value))
            {
                members.Add(new(member, value));
            }
            else
            {
                limits[(string)part] = members = [];
            }
        }

        return limits;
    }
}
