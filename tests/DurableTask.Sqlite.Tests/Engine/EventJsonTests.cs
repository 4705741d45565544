using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Serialization;
using DurableTask.Core;
using DurableTask.Core.History;
using DurableTask.Core.Tracing;

namespace Chard.DurableTask.Sqlite.Tests;

public sealed class EventJsonTests
{
    public static TheoryData<Type> Types => [.. HistoryEvent.KnownTypes().Where(type => type != typeof(HistoryStateEvent))];

    [Theory]
    [MemberData(nameof(Types))]
    public void Event_OfEachType_ComesBackWithAllItsMembers(Type type)
    {
        var written = (HistoryEvent)RuntimeHelpers.GetUninitializedObject(type);
        var members = Members(type).ToList();
        members.ForEach(member => Set(member, written, Value(TypeOf(member))));

        var read = EventJson.Read((long)written.EventType, EventJson.Write(written)!);

        Assert.IsType(type, read);
        Assert.All(members, member => Assert.Equal(EventJson.Write(Get(member, written)), EventJson.Write(Get(member, read))));
        Assert.Contains(members, member => member.Name == nameof(HistoryEvent.EventId));
    }

    [Fact]
    public void Text_ThatLooksLikeADate_StaysAsItIs()
    {
        var failure = new FailureDetails("T", "2026-01-02T03:04:05Z", null, new FailureDetails("Inner", "i", null, null, true), false);

        var read = (TaskFailedEvent)EventJson.Read(
            (long)EventType.TaskFailed, EventJson.Write(new TaskFailedEvent(-1, 3, "2026-01-02T03:04:05Z", null, failure))!);

        Assert.Equal(("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z", "Inner"),
            (read.Reason, read.FailureDetails!.ErrorMessage, read.FailureDetails.InnerFailure!.ErrorType));
        Assert.True(read.FailureDetails.InnerFailure.IsNonRetriable);
    }

    private static IEnumerable<MemberInfo> Members(Type type)
    {
        for (var level = type; level is not null && level != typeof(object); level = level.BaseType)
        {
            foreach (var member in level.GetMembers(
                BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            {
                if (member.IsDefined(typeof(DataMemberAttribute)) && member.Name != nameof(HistoryEvent.EventType))
                {
                    yield return member;
                }
            }
        }
    }

    private static Type TypeOf(MemberInfo member) =>
        member is PropertyInfo property ? property.PropertyType : ((FieldInfo)member).FieldType;

    private static object? Get(MemberInfo member, object target) =>
        member is PropertyInfo property ? property.GetValue(target) : ((FieldInfo)member).GetValue(target);

    private static void Set(MemberInfo member, object target, object? value)
    {
        if (member is PropertyInfo property)
        {
            property.SetValue(target, value);
        }
        else
        {
            ((FieldInfo)member).SetValue(target, value);
        }
    }

    private static object? Value(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type switch
        {
            _ when type == typeof(string) => "text with \"quotes\" and ü",
            _ when type == typeof(int) => 7,
            _ when type == typeof(bool) => true,
            _ when type == typeof(DateTime) => new DateTime(2026, 3, 4, 5, 6, 7, DateTimeKind.Utc).AddTicks(1234567),
            _ when type.IsEnum => Enum.GetValues(type).GetValue(1),
            _ when type == typeof(IDictionary<string, string>) => new Dictionary<string, string> { ["a"] = "2026-01-02T03:04:05Z" },
            _ when type == typeof(OrchestrationInstance) => new OrchestrationInstance { InstanceId = "i", ExecutionId = "e" },
            _ when type == typeof(ParentInstance) =>
                new ParentInstance { Name = "p", OrchestrationInstance = new OrchestrationInstance { InstanceId = "p" } },
            _ when type == typeof(DistributedTraceContext) => new DistributedTraceContext("parent", "state") { Id = "id" },
            _ when type == typeof(FailureDetails) => new FailureDetails("T", "m", "s", null, true),
            _ => throw new NotSupportedException($"A member of the type {type}: give it a value here."),
        };
    }
}
