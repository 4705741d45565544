using System.Reflection;

namespace Chard.Emulator.Tables.Entities;

/// <summary>Delegates that reach a property as fast as a virtual call, private and init setters included.</summary>
internal static class MemberAccess
{
    private static readonly MethodInfo TypedGetterMethod = Method(nameof(TypedGetter));
    private static readonly MethodInfo TypedSetterMethod = Method(nameof(TypedSetter));

    public static Func<object, T> Getter<T>(PropertyInfo property)
        => property.DeclaringType.IsValueType
            ? entity => (T)property.GetValue(entity)
            : TypedGetterMethod.MakeGenericMethod(property.DeclaringType, typeof(T)).CreateDelegate<Func<MethodInfo, Func<object, T>>>()(property.GetGetMethod(nonPublic: true));

    public static Action<object, T> Setter<T>(PropertyInfo property)
        => property.DeclaringType.IsValueType
            ? (entity, value) => property.SetValue(entity, value)
            : TypedSetterMethod.MakeGenericMethod(property.DeclaringType, typeof(T)).CreateDelegate<Func<MethodInfo, Action<object, T>>>()(property.GetSetMethod(nonPublic: true));

    private static MethodInfo Method(string name) => typeof(MemberAccess).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static);

    private static Func<object, TValue> TypedGetter<TEntity, TValue>(MethodInfo method)
        where TEntity : class
    {
        var get = method.CreateDelegate<Func<TEntity, TValue>>();
        return entity => get((TEntity)entity);
    }

    private static Action<object, TValue> TypedSetter<TEntity, TValue>(MethodInfo method)
        where TEntity : class
    {
        var set = method.CreateDelegate<Action<TEntity, TValue>>();
        return (entity, value) => set((TEntity)entity, value);
    }
}
