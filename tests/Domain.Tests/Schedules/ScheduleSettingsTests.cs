using Chard.Domain.Schedules;

namespace Chard.Domain.Tests.Schedules;

public sealed class ScheduleSettingsTests
{
    private static readonly DateTimeOffset Now = ScheduleCronTests.At("2026-06-01T12:00:00Z");

    [Fact]
    public void Read_OnlyWhatMustBe_HasTheDefaults()
    {
        ScheduleRule rule = Read(("Cron", "30 2 * * *"), ("start", "{}"))!;

        Assert.Equal(
            ("nightly", "30 2 * * *", "UTC", CatchUp.Last, true, "{}"),
            (rule.Name, rule.CronText, rule.TimeZone, rule.CatchUp, rule.IsEnabled, rule.Start));
    }

    [Fact]
    public void Read_Everything_IsTaken()
    {
        ScheduleRule rule = Read(
            ("Cron", "30 2 * * *"), ("Start", "{}"), ("TimeZone", "Europe/Berlin"), ("CatchUp", "ALL"), ("Enabled", "False"))!;

        Assert.Equal(("Europe/Berlin", CatchUp.All, false), (rule.TimeZone, rule.CatchUp, rule.IsEnabled));
        Assert.Equal(ScheduleCronTests.At("2026-06-02T00:30:00Z"), rule.Cron.Next(Now));
    }

    [Theory]
    [InlineData("Cron", "daily", "Chard:Schedules:nightly:Cron is 'daily'; it must be five cron fields (minute hour day month weekday), or "
        + "six with the second first, such as '30 2 * * *', or a macro such as '@daily', and has 1 field.")]
    [InlineData(
        "Cron", "*/0 * * * *",
        "Chard:Schedules:nightly:Cron is '*/0 * * * *'; its minute '*/0' is wrong: the step of '*/0' is not a number from 1 to 59.")]
    [InlineData(
        "Cron", "0 0 30 2 *", "Chard:Schedules:nightly:Cron is '0 0 30 2 *'; it must be a time that comes, and this one never does.")]
    [InlineData("Cron", null, "Chard:Schedules:nightly:Cron is not set; it must be five cron fields")]
    [InlineData("Start", null, "Chard:Schedules:nightly:Start is a section; it must be a start document in JSON, as one text, such as ")]
    [InlineData("TimeZone", "Europe/Nowhere", "Chard:Schedules:nightly:TimeZone is 'Europe/Nowhere'; it must be the id of a time zone that "
        + "this machine knows, such as 'Europe/Berlin' or 'UTC'.")]
    [InlineData("CatchUp", "some", "Chard:Schedules:nightly:CatchUp is 'some'; it must be one of none, last, all.")]
    [InlineData("CatchUp", "1", "Chard:Schedules:nightly:CatchUp is '1'; it must be one of none, last, all.")]
    [InlineData("Enabled", "yes", "Chard:Schedules:nightly:Enabled is 'yes'; it must be true or false.")]
    [InlineData(
        "Corn", "x", "Chard:Schedules:nightly:Corn is no setting of a schedule. There are: Cron, Start, TimeZone, CatchUp, Enabled.")]
    public void Read_WrongValue_NamesKeyValueAndWhatItMayBe(string member, string? value, string fault)
    {
        var faults = new List<string>();
        Dictionary<string, string?> settings = new() { ["Cron"] = "30 2 * * *", ["Start"] = "{}" };
        settings[member] = value;

        Assert.Null(ScheduleSettings.Read("nightly", settings, Now, faults));
        Assert.StartsWith(fault, Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SeveralFaults_SaysAllAtOnce()
    {
        var faults = new List<string>();

        Assert.Null(ScheduleSettings.Read("at night", [new("TimeZone", "Mars"), new("Enabled", "no")], Now, faults));
        Assert.Equal(5, faults.Count);
        Assert.Contains(
            "Chard:Schedules:at night names a schedule 'at night'. A schedule's name is 1 to 32 characters of A-Z, a-z, 0-9, '_' and '-'.",
            faults);
        Assert.Contains(faults, f => f.StartsWith("Chard:Schedules:at night:Start is not set;", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("Nightly_report-2", true)]
    [InlineData("12345678901234567890123456789012", true)]
    [InlineData("123456789012345678901234567890123", false)]
    [InlineData("a.b", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void IsValid_Name_KeepsTheRule(string? name, bool valid) => Assert.Equal(valid, ScheduleName.IsValid(name));

    [Fact]
    public void WorkflowIdOf_LongestName_IsAValidId()
    {
        string id = ScheduleName.WorkflowIdOf(new string('x', 32), ScheduleCronTests.At("2026-06-02T02:30:15+02:00"));

        Assert.EndsWith("x-20260602T003015Z", id, StringComparison.Ordinal);
        Assert.True(Domain.Identity.WorkflowId.IsValid(id));
        Assert.True(Domain.Identity.Stamps.AreValid([ScheduleName.StampOf(new string('x', 32))]));
    }

    private static ScheduleRule? Read(params (string Member, string? Value)[] settings)
    {
        var faults = new List<string>();
        ScheduleRule? rule = ScheduleSettings.Read("nightly", settings.Select(s => KeyValuePair.Create(s.Member, s.Value)), Now, faults);
        Assert.Empty(faults);
        return rule;
    }
}
