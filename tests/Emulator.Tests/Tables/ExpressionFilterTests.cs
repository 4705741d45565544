using System.Linq.Expressions;
using Azure.Data.Tables;

namespace Chard.Emulator.Tests.Tables;

public sealed class ExpressionFilterTests
{
    private const string Constant = "const";
    private static readonly Guid Badge = Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e");
    private static readonly DateTimeOffset Moment = new(2026, 3, 4, 5, 6, 7, 890, TimeSpan.FromHours(2));
    private static readonly byte[] Photo = [0, 171];

    public static TheoryData<string, Expression<Func<Person, bool>>> ClassFilters()
    {
        var captured = "it's";
        var person = new { Name = "Ada", Range = (From: 1, To: 5) };
        long? limit = 7;
        return new()
        {
            { "PartitionKey eq 'const'", x => x.PartitionKey == Constant },
            { "RowKey ne 'it''s'", x => x.RowKey != captured },
            { "Name eq 'Ada'", x => x.Name == person.Name },
            { "'Ada' eq Name", x => person.Name == x.Name },
            { "Name eq 'AdaAda'", x => x.Name == string.Concat(person.Name, person.Name) },
            { "(Age ge 1) and (Age lt 5)", x => x.Age >= person.Range.From && x.Age < person.Range.To },
            { "((Age gt 1) or (Age le 0)) and (not (Age eq 3))", x => (x.Age > 1 || x.Age <= 0) && !(x.Age == 3) },
            { "Children eq 2", x => x.Children == 2 },
            { "Children eq 2", x => x.Children!.Value == 2 },
            { "Steps eq 5L", x => x.Steps == 5 },
            { "Savings gt 7L", x => x.Savings > limit },
            { "Height ge 5.0", x => x.Height >= 5 },
            { "Height eq 0.1", x => x.Height == 0.1 },
            { "Height lt 1E+30", x => x.Height < 1e30 },
            { "Active eq true", x => x.Active },
            { "not (Active eq true)", x => !x.Active },
            { "(Active eq true) and (Member eq true)", x => x.Active && x.Member!.Value },
            { "Member eq true", x => (bool)x.Member! },
            { "Member eq false", x => x.Member == false },
            { "Badge eq guid'0f8fad5b-d9cb-469f-a165-70867728950e'", x => x.Badge == Badge },
            { "Locker ne guid'00000000-0000-0000-0000-000000000000'", x => x.Locker != Guid.Empty },
            { "Joined ge datetime'2026-03-04T03:06:07.89Z'", x => x.Joined >= Moment },
            { "Left lt datetime'2026-03-04T03:06:07.89Z'", x => x.Left < Moment },
            { "Born eq datetime'1815-12-10T00:00:00Z'", x => x.Born == new DateTime(1815, 12, 10, 0, 0, 0, DateTimeKind.Utc) },
            { "Photo eq X'00AB'", x => x.Photo == Photo },
            { "RowKey gt 'm'", x => string.Compare(x.RowKey, "m") > 0 },
            { "RowKey ge 'm'", x => x.RowKey.CompareTo("m") >= 0 },
            { "(RowKey ge 'a') and (RowKey lt 'b')", x => x.RowKey.CompareTo("a") >= 0 && string.Compare(x.RowKey, "b") < 0 },
            { "Name eq 'Ada'", x => x.Name!.Equals("Ada") },
            { "Name eq 'Ada'", x => string.Equals(x.Name, "Ada") },
            { "nick_name eq 'Countess'", x => x.Nickname == "Countess" },
            { "Timestamp gt datetime'2026-03-04T03:06:07.89Z'", x => x.Timestamp > Moment },
        };
    }

    public static TheoryData<string, Expression<Func<TableEntity, bool>>> DictionaryFilters()
    {
        var key = "Age";
        return new()
        {
            { "PartitionKey eq 'p'", x => x.PartitionKey == "p" },
            { "Name eq 'Ada'", x => x.GetString("Name") == "Ada" },
            { "Name ge 'Ada'", x => x.GetString("Name").CompareTo("Ada") >= 0 },
            { "Age ge 5", x => x.GetInt32(key) >= 5 },
            { "Steps ge 5L", x => x.GetInt64("Steps") >= 5 },
            { "Height ge 5.5", x => x.GetDouble("Height") >= 5.5 },
            { "Joined ge datetime'2026-03-04T03:06:07.89Z'", x => x.GetDateTimeOffset("Joined") >= Moment },
            { "Joined ge datetime'2026-03-04T03:06:07.89Z'", x => x.GetDateTime("Joined") >= Moment },
            { "Badge eq guid'0f8fad5b-d9cb-469f-a165-70867728950e'", x => x.GetGuid("Badge") == Badge },
            { "Photo eq X'00AB'", x => x.GetBinary("Photo") == Photo },
            { "(Active eq true) or (Member eq true)", x => x.GetBoolean("Active")!.Value || (bool)x.GetBoolean("Member")! },
            { "Name eq 'Ada'", x => x["Name"] == (object)"Ada" },
        };
    }

    [Theory]
    [MemberData(nameof(ClassFilters))]
    public void CreateQueryFilter_PredicateOnAClass_IsTheFilterOfTheService(string expected, Expression<Func<Person, bool>> predicate)
        => Assert.Equal(expected, TableClient.CreateQueryFilter(predicate));

    [Theory]
    [MemberData(nameof(DictionaryFilters))]
    public void CreateQueryFilter_PredicateOnATableEntity_IsTheFilterOfTheService(string expected, Expression<Func<TableEntity, bool>> predicate)
        => Assert.Equal(expected, TableClient.CreateQueryFilter(predicate));

    [Fact]
    public void CreateQueryFilter_PredicateOnATable_NamesItAsTheServiceDoes()
        => Assert.Equal("(TableName ge 'A') and (TableName lt 'B')", TableServiceClient.CreateQueryFilter(x => x.Name.CompareTo("A") >= 0 && x.Name.CompareTo("B") < 0));

    [Fact]
    public void CreateQueryFilter_PredicateThatLetsAllPass_IsNull() => Assert.Null(TableClient.CreateQueryFilter<Person>(x => true));

    public static TheoryData<string, Expression<Func<Person, bool>>> RefusedFilters()
        => new()
        {
            { "ordinally", x => x.Name!.Equals("ada", StringComparison.OrdinalIgnoreCase) },
            { "ordinally", x => string.Compare(x.Name, "ada", StringComparison.OrdinalIgnoreCase) > 0 },
            { "compared with 0 only", x => x.RowKey.CompareTo("a") == 1 },
            { "use ==", x => x.Name!.StartsWith("Ada", StringComparison.Ordinal) },
            { "without calls or arithmetic", x => x.Name!.Length == 3 },
            { "without calls or arithmetic", x => x.Age + 1 == 3 },
            { "on one side and a value on the other", x => x.Name == x.RowKey },
            { "null", x => x.Name == null },
            { "enums are stored by name", x => x.Mood == Mood.Calm },
        };

    [Theory]
    [MemberData(nameof(RefusedFilters))]
    public void CreateQueryFilter_WhatTheServiceCannotDo_IsRefusedWithTheReason(string reason, Expression<Func<Person, bool>> predicate)
    {
        var error = Assert.Throws<NotSupportedException>(() => TableClient.CreateQueryFilter(predicate));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CreateQueryFilter_InterpolatedText_QuotesAndEscapesItsArguments()
    {
        FormattableString filter = $"A eq {"it's"} and B eq {5} and C eq {5L} and D eq {0.5} and E eq {true} and F eq {Badge} and G eq {Moment} and H eq {Photo} and I eq {new BinaryData(Photo)} and J eq {'c'}";

        Assert.Equal(
            "A eq 'it''s' and B eq 5 and C eq 5L and D eq 0.5 and E eq true and F eq guid'0f8fad5b-d9cb-469f-a165-70867728950e' and G eq datetime'2026-03-04T03:06:07.89Z' and H eq X'00AB' and I eq X'00AB' and J eq 'c'",
            TableClient.CreateQueryFilter(filter));
    }

    [Fact]
    public void CreateQueryFilter_InterpolatedTextWithAValueTheServiceHasNoLiteralFor_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => TableClient.CreateQueryFilter($"A eq {1.5m}"));
        Assert.Throws<ArgumentException>(() => TableClient.CreateQueryFilter($"A eq {(string?)null}"));
        Assert.Throws<ArgumentException>(() => TableClient.CreateQueryFilter($"A eq {Mood.Calm}"));
    }
}
