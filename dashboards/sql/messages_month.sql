-- Tiền tin nhắn của tháng này, mọi kênh, cùng với diễn tập; không phụ thuộc khoảng thời gian đang xem / this month's, of all ways.
select coalesce((
  select value_vi(spent_vnd::float8, 'VND') || ' trong ' || value_vi(month_vnd::float8, 'VND') || case
      when spent_vnd >= month_vnd then ': đã hết' when spent_vnd >= month_vnd * warn_share then ': sắp hết' else '' end
  from message_month), 'chưa đặt mức tiền') as "tháng này";
