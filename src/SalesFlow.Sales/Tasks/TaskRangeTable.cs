using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Microsoft.EntityFrameworkCore.Storage;
using SalesFlow.Sales.Deals;

namespace SalesFlow.Sales.Tasks;

/// <summary>Tells the databases how <see cref="TaskRange"/> is reckoned, so that it may be asked of a column.</summary>
internal static class TaskRangeTable
{
    public static void Map(ModelBuilder model)
    {
        Map(model, nameof(TaskRange.First), 0);
        Map(model, nameof(TaskRange.Last), TaskRange.Size - 1);
        model.HasDbFunction(typeof(TaskRange).GetMethod(nameof(TaskRange.Instance), [typeof(DealId)])!)
            .HasTranslation(arguments => new SqlUnaryExpression(ExpressionType.Convert, arguments[0], typeof(long), LongTypeMapping.Default));
    }

    private static void Map(ModelBuilder model, string function, long place) => model.HasDbFunction(typeof(TaskRange).GetMethod(function, [typeof(DealId)])!)
        .HasTranslation(arguments => Binary(ExpressionType.Add, Binary(ExpressionType.Multiply, arguments[0], TaskRange.Size), place));

    private static SqlBinaryExpression Binary(ExpressionType operation, SqlExpression left, long right) =>
        new(operation, left, new SqlConstantExpression(right, LongTypeMapping.Default), typeof(long), LongTypeMapping.Default);
}
